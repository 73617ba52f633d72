import type { Verdict } from '../model/flow';

/** Whether a connection and the request on it are allowed; `undefined` if that is unknown. */
export function passes(verdict: Verdict): boolean | undefined {
  const decision = decisionOf(verdict);
  return decision === 'unknown' ? undefined : decision === 'allowed';
}

/** The decision on a connection and the request on it: `denied` if either is denied, otherwise `unknown` if either is unknown. */
export function decisionOf({ allowed, http, dns, sni }: Verdict): 'allowed' | 'denied' | 'unknown' {
  const rulings = [allowed === undefined ? 'unknown' : allowed ? 'allowed' : 'denied', http, dns, sni];
  if (rulings.includes('denied')) {
    return 'denied';
  }
  return rulings.includes('unknown') ? 'unknown' : 'allowed';
}
