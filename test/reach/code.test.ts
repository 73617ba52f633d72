/** Decisions as numbers. */
import { codeOf, decisionOf, hasRedirect, sideOf } from '../../lib/reach/code';

const ALLOWING = ['rule', 'not-enforced', 'localhost'] as const;
const DENYING = ['deny-rule', 'default-deny'] as const;
const REDIRECTS = [undefined, 'http', 'kafka', 'proxylib', 'tls', 'dns', 'crd'] as const;

test('a number stands for a reason and a redirect', () => {
  for (const reason of ALLOWING) {
    for (const redirect of REDIRECTS) {
      const code = codeOf(reason, redirect);
      expect(sideOf(code, [])).toEqual({ decision: 'allowed', reason, because: [], ...(redirect && { redirect }) });
      expect([decisionOf(code), hasRedirect(code)]).toEqual([{ isAllowed: true, redirect }, redirect !== undefined]);
    }
  }
  for (const reason of DENYING) {
    const code = codeOf(reason);
    expect(sideOf(code, [])).toEqual({ decision: 'denied', reason, because: [] });
    expect([decisionOf(code), hasRedirect(code)]).toEqual([{ isAllowed: false, redirect: undefined }, false]);
  }
});
