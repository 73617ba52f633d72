import type { Verdict } from '../model/flow';

/** The decision on a connection and the request on it: `denied` if either is denied, otherwise `unknown` if either is unknown. */
export function decisionOf({ allowed, http, dns, sni }: Verdict): 'allowed' | 'denied' | 'unknown' {
  const rulings = [allowed === undefined ? 'unknown' : allowed ? 'allowed' : 'denied', http, dns, sni];
  if (rulings.includes('denied')) {
    return 'denied';
  }
  return rulings.includes('unknown') ? 'unknown' : 'allowed';
}
