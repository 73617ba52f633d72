/** What Cilium's documentation says, asked of the engine. The page conformance/claims.md shows the answers. */
import { readFileSync } from 'node:fs';
import { answerTo } from './answer';
import type { Claim } from './claim';
import { claimsPage } from './page';
import { PAGES } from './pages';

describe.each(PAGES.map((page) => [page.title, page] as const))('%s', (_title, { claims }) => {
  const asked = claims.filter((one): one is Claim => 'question' in one);

  test.each(asked.map((one) => [`${one.says} (${one.at})`, one] as const))('%s', (_name, one) => {
    expect(answerTo(one)).toEqual(one.answer);
  });
});

test('the page shows these claims', () => {
  expect(readFileSync('conformance/claims.md', 'utf8')).toBe(claimsPage());
});
