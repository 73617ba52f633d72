/**
 * Destination ports, read as Cilium's agent reads them.
 *
 * Source: cilium `pkg/policy/api/rule_validation.go`, `PortProtocol.sanitize`, and `pkg/iana/svcname.go`.
 */
import { accepted, Parsed, refused } from './parsed';
import { remember } from './remember';

/** A port by number (0–65535; 0 means every port), or by the name of a container port (lower case). */
export type PortValue = { readonly is: 'number'; readonly number: number } | { readonly is: 'name'; readonly name: string };

/**
 * Reads the value of a `port` field.
 *
 * A value that can be a service name is a name, so `0x50` is the name "0x50". Everything else is read as by Go's
 * `strconv.ParseUint(text, 0, 16)`: a leading zero means octal (`0443` is 291, `080` is rejected), and underscores between digits are
 * allowed, so `0x_50` is 80.
 */
export const parsePort = remember(parse);

function parse(text: string): Parsed<PortValue> {
  if (text === '') {
    return refused('port is empty', 'write a number from 0 to 65535 or the name of a container port');
  }
  if (isServiceName(text)) {
    return accepted({ is: 'name', name: text.toLowerCase() });
  }
  const number = parseUint(text);
  if (number === undefined || number > MAX_PORT) {
    return refused(
      `port \`${text}\` is neither a number from 0 to ${MAX_PORT} nor a valid port name`,
      `a port name has 1 to ${MAX_NAME} letters, digits and single hyphens, and at least one letter`,
    );
  }
  return accepted({ is: 'number', number });
}

/** The highest port number. */
export const MAX_PORT = 65535;

const MAX_NAME = 15;

/** An IANA service name: 1–15 letters, digits and single inner hyphens, at least one of them a letter. */
function isServiceName(text: string): boolean {
  return text.length <= MAX_NAME && /^[a-z0-9]+(-[a-z0-9]+)*$/i.test(text) && /[a-z]/i.test(text);
}

/** Go's `strconv.ParseUint(text, 0, …)`; letters occur here only in strings that are not service names, for example `0x_50`. */
function parseUint(text: string): number | undefined {
  const digits = text.replaceAll('_', '');
  if (STRAY_UNDERSCORE.test(text) || !UINT.test(digits)) {
    return undefined;
  }
  return /^0[0-7]/.test(digits) ? parseInt(digits, 8) : Number(digits);
}

/** An underscore is allowed between two digits, or between `0x`, `0o` or `0b` and a digit; this matches any other. */
const STRAY_UNDERSCORE = /^_|__|_$|^0_[xob]/i;

/** Decimal, hexadecimal, binary, or octal with or without an `o`. */
const UINT = /^(?:[1-9][0-9]*|0x[0-9a-f]+|0b[01]+|0o[0-7]+|0[0-7]*)$/i;
