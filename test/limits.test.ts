/** docs/limits.md has the bounds of the code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROW = /^\|[^|]*\| ([\d,]+)[^|]*\| `(\w+)` in \[`([\w/.-]+)`\]\(\.\.\/lib\/\3\)/gm;

const rows = [...readFileSync('docs/limits.md', 'utf8').matchAll(ROW)].map(([, number, name, file]): [string, string, number] => [
  name,
  file,
  Number(number.replaceAll(',', '')),
]);

test.each(rows)('%s in lib/%s is %d', (name, file, number) => {
  const { [name]: constant } = jest.requireActual<Record<string, unknown>>(join('../lib', file));
  expect(constant).toBe(number);
});

/** What bounds a policy, as Cilium or Kubernetes does, is no bound of the tool. */
const OF_CILIUM = ['MAX_DNS_NAME', 'MAX_PORT', 'MAX_REQUEST', 'MAX_STORED', 'MAX_TIER_ITEMS'];

test('every bound that a file exports is on the page', () => {
  const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const exported = files.flatMap((file) =>
    [...readFileSync(join('lib', file), 'utf8').matchAll(/^export const (M(?:AX|OST)_\w+)/gm)].map(([, name]) => `${name} in ${file}`),
  );
  const shown = rows.map(([name, file]) => `${name} in ${file}`);
  expect(exported.filter((one) => !OF_CILIUM.includes(one.split(' ')[0]) && !shown.includes(one))).toEqual([]);
});
