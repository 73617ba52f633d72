/** What to write instead of an invalid port: users write ranges, lists and protocols into the port. */
import { Parsed, refused } from '../net/parsed';
import { parsePort } from '../net/port';

/** Like `parsePort`, with the advice that fits the text. */
export function parseWrittenPort(text: string): Parsed<unknown> {
  const parsed = parsePort(text);
  return parsed.ok ? parsed : refused(parsed.problem, adviceFor(text) ?? parsed.help);
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
