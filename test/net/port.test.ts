import * as fc from 'fast-check';
import { MAX_PORT, parsePort } from '../../lib/net/port';
import { crdPattern, MINORS } from './crd-pattern';
import { anyText, long, textOf } from './texts';

const number = (n: number) => ({ ok: true, value: { is: 'number', number: n } });
const name = (text: string) => ({ ok: true, value: { is: 'name', name: text } });

test.each<[string, string, number]>([
  ['a number is itself', '443', 443],
  ['zero means every port', '0', 0],
  ['the highest port is 65535', '65535', 65535],
  ['a leading zero makes a port octal', '0443', 291],
  ['two leading zeros make it octal too', '00443', 291],
  ['zeros alone are zero', '000', 0],
  ['an octal port is as long as its zeros', '00000000000000000000017', 15],
  ['an underscore between digits is skipped', '1_000', 1000],
  ['an underscore behind the octal zero is skipped', '0_17', 15],
  ['an underscore behind 0x tells a number from a name', '0x_50', 80],
  ['so it does behind 0o', '0o_17', 15],
  ['so it does behind 0b', '0b_101', 5],
  ['and anywhere between the digits', '0X5_0', 80],
  ['a hexadecimal number too long for a name is a number', '0x00000000000050', 80],
  ['so is an octal one', '0o00000000000017', 15],
  ['so is a binary one', '0B10000000000000', 8192],
])('%s: %s', (_, text, expected) => {
  expect(parsePort(text)).toEqual(number(expected));
});

test.each<[string, string, string]>([
  ['a word is a name', 'http', 'http'],
  ['a name may have digits and hyphens', 'web-8080-tls', 'web-8080-tls'],
  ['upper case is as good as lower', 'HTTP', 'http'],
  ['one letter is a name', 'a', 'a'],
  ['fifteen characters are a name', 'a23456789012345', 'a23456789012345'],
  ['digits with one letter are a name', '80a', '80a'],
  ['what looks hexadecimal is a name', '0x50', '0x50'],
  ['what looks binary is a name', '0b1', '0b1'],
  ['what looks like a power of ten is a name', '1e3', '1e3'],
])('%s: %s', (_, text, expected) => {
  expect(parsePort(text)).toEqual(name(expected));
});

test.each([
  ['a number too large', '65536'],
  ['a number far too large', '4294967376'],
  ['an octal number with a 9', '0449'],
  ['an octal number with an 8', '080'],
  ['an octal number too large', '0200000'],
  ['a hexadecimal number too large', '0x_10000'],
  ['a sign', '-1'],
  ['a plus', '+80'],
  ['a fraction', '80.0'],
  ['a range', '80-90'],
  ['a blank in front', ' 80'],
  ['a blank behind', '80 '],
  ['a line break behind', '80\n'],
  ['an underscore in front', '_80'],
  ['an underscore behind', '80_'],
  ['two underscores', '8__0'],
  ['an underscore before the x', '0_x50'],
  ['a base without digits', '0x_'],
  ['a base with digits of another', '0b_2'],
  ['a name of sixteen characters', 'a234567890123456'],
  ['a name with an underscore', 'http_alt'],
  ['a name with two hyphens in a row', 'http--alt'],
  ['a name with a hyphen in front', '-http'],
  ['a name with a hyphen behind', 'http-'],
  ['a name with a dot', 'http.alt'],
  ['a name beyond ASCII', 'ſsh'],
  ['hyphens alone', '-'],
  ['digits of another script', '８０'],
])('%s is no port', (_, text) => {
  expect(parsePort(text).ok).toBe(false);
});

test.each([
  ['', 'port is empty', 'write a number from 0 to 65535 or the name of a container port'],
  [
    '70000',
    'port `70000` is neither a number from 0 to 65535 nor a valid port name',
    'a port name has 1 to 15 letters, digits and single hyphens, and at least one letter',
  ],
])('the refusal of `%s` says what to write', (text, problem, help) => {
  expect(parsePort(text)).toEqual({ ok: false, problem, help });
});

test('every port is itself in decimal, and in octal behind a zero', () => {
  const reads = (text: string, port: number) => {
    const parsed = parsePort(text);
    return parsed.ok && parsed.value.is === 'number' && parsed.value.number === port;
  };
  const ports = Array.from({ length: MAX_PORT + 1 }, (_, port) => port);
  expect(ports.filter((port) => !reads(String(port), port))).toEqual([]);
  expect(ports.filter((port) => !reads(`0${port.toString(8)}`, port))).toEqual([]);
});

test('every port is itself in hexadecimal, octal and binary with an underscore behind the base', () => {
  fc.assert(
    fc.property(fc.nat(MAX_PORT), (port) => {
      for (const text of [`0x_${port.toString(16)}`, `0o_${port.toString(8)}`, `0b_${port.toString(2)}`]) {
        expect(parsePort(text)).toEqual(number(port));
      }
    }),
  );
});

test('no number above 65535 is a port', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 65536n, max: 10n ** 30n }), (n) => !parsePort(String(n)).ok && !parsePort(`0${n.toString(8)}`).ok),
  );
});

const nearlyPorts = textOf(['a', 'Z', '0', '1', '7', '8', '9', '-', '_', 'x', 'b', 'o', '0x', '655'], 8);

test('a text of up to 15 characters is a name exactly when the service registry would take it', () => {
  const registered = /^([a-zA-Z0-9]-?)*[a-zA-Z](-?[a-zA-Z0-9])*$/;
  fc.assert(
    fc.property(nearlyPorts, (text) => {
      const parsed = parsePort(text);
      expect(parsed.ok && parsed.value.is === 'name').toBe(text.length <= 15 && registered.test(text));
    }),
  );
});

test.each(MINORS)('what is a port here passes the CRD of %s', (minor) => {
  const pattern = crdPattern('egress.toPorts.ports.port', minor);
  fc.assert(fc.property(nearlyPorts, (text) => !parsePort(text).ok || pattern.test(text)));
});

test('whatever is asked, there is an answer', () => {
  fc.assert(fc.property(anyText, (text) => typeof parsePort(text).ok === 'boolean'));
});

test.each(['9', 'a', '-', '_', '1_', 'a-', '0x', '7-_'])('100,000 characters of `%s` are no port', (part) => {
  for (const text of [long(part), `0${long(part)}`, `0x_${long(part)}`, `${long(part)}!`]) {
    expect(parsePort(text).ok).toBe(false);
  }
});

test('a million zeros are zero', () => {
  expect(parsePort('0'.repeat(1_000_000))).toEqual(number(0));
});
