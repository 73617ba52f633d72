import { shortened } from '../../lib/net/shortened';

const long = 'a'.repeat(501);

test.each([
  ['short', 'short'],
  [`\`${'a'.repeat(500)}\` is wrong`, `\`${'a'.repeat(500)}\` is wrong`],
  [`\`${long}\` is wrong; write \`b\``, `\`${'a'.repeat(500)}…\` is wrong; write \`b\``],
  [long, `${'a'.repeat(500)}…`],
  ['`'.repeat(1000), `${'`'.repeat(39)}…`],
  [`${'a'.repeat(499)}😀b`, `${'a'.repeat(499)}…`],
])('%.20j comes down to what a reader needs', (text, expected) => {
  expect(shortened(text)).toBe(expected);
});
