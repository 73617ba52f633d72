/** What to write instead of an invalid port: users write ranges, lists and protocols into the port. */
import { accepted, Parsed, refused } from '../net/parsed';
import { parsePort } from '../net/port';

/** Like `parsePort`, with the advice that fits the text. */
export function parseWrittenPort(text: string): Parsed<unknown> {
  const parsed = parsePort(text);
  return parsed.ok ? parsed : refused(parsed.problem, adviceFor(text) ?? parsed.help);
}

/**
 * Reads the name of a container port in a NetworkPolicy: 1–15 lower-case letters, digits and single inner hyphens, at least one of them a letter.
 *
 * Source: apimachinery `pkg/util/validation/validation.go`, IsValidPortName.
 */
export function parseContainerPort(text: string): Parsed<string> {
  if (text.length <= 15 && /^[a-z0-9-]+$/.test(text) && /[a-z]/.test(text) && !/^-|--|-$/.test(text)) {
    return accepted(text);
  }
  const help = /^[0-9]{1,5}$/.test(text) ? `write \`${text}\` without quotes` : adviceFor(text);
  return refused(
    `port \`${text}\` is neither a number nor a valid port name`,
    help ?? 'a port name has 1 to 15 lower-case letters, digits and single hyphens, and at least one letter',
  );
}

function adviceFor(text: string): string | undefined {
  const [, first, end] = /^\s*(\d{1,5})\s*[-:–]\s*(\d{1,5})\s*$/.exec(text) ?? [];
  if (first !== undefined) {
    return `for a range of ports, write \`${first}\` in \`port\` and \`${end}\` in \`endPort\``;
  }
  const [, port, protocol] = /^(\w{1,15})\/(tcp|udp|sctp|any)$/i.exec(text) ?? [];
  if (port !== undefined) {
    return `write \`${port}\` in \`port\` and \`${protocol.toUpperCase()}\` in \`protocol\``;
  }
  if (text.includes(',') && /^[\w\s,-]+$/.test(text)) {
    return 'write one entry of `ports` for each port';
  }
  return text === '*' ? 'write `"0"` for every port, and in a NetworkPolicy leave `port` out' : undefined;
}
