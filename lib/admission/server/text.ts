/**
 * What texts the patterns and formats of the CRDs match.
 *
 * The patterns are RE2, searched for anywhere; some take JavaScript's engine exponentially long. So each has its predicate here, and a pattern
 * that has none is given to an engine of RE2.
 */
import { addressBits, parseAddress } from '../../net/address';
import { isFound } from '../../net/regex';

/** Whether a pattern is found in a text. */
export function matches(pattern: string, text: string): boolean {
  if (Object.hasOwn(PREDICATES, pattern)) {
    return PREDICATES[pattern](text);
  }
  return WITHOUT_REPEATS.test(pattern) ? new RegExp(pattern).test(text) : isFound(pattern, text);
}

/** What is safe in JavaScript's engine, such as the names of ICMP types. */
const WITHOUT_REPEATS = /^[^*+\\]*$/;

/** The patterns of the CRDs that repeat. */
export const PREDICATES: Readonly<Record<string, (text: string) => boolean>> = {
  '^([-a-zA-Z0-9_]+[.]?)+$': (text) => /^[-\w]+(?:\.[-\w]+)*\.?$/.test(text),
  '^([-a-zA-Z0-9_*]+[.]?)+$': (text) => /^[-\w*]+(?:\.[-\w*]+)*\.?$/.test(text),
  '^(\\*?\\*\\.)?([-a-zA-Z0-9_]+\\.?)+$': (text) => /^(?:\*?\*\.)?[-\w]+(?:\.[-\w]+)*\.?$/.test(text),
  '^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$': (text) => /^(?:[A-Za-z0-9](?:[-\w.]*[A-Za-z0-9])?)?$/.test(text),
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$': (text) =>
    text.split('.').every((label) => /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(label)),
  '^\\PC*$': (text) => /^\P{C}*$/u.test(text),
  // The anchors bind tighter than the alternative: a number at the beginning, or a name at the end.
  '^(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4})|([a-zA-Z0-9]-?)*[a-zA-Z](-?[a-zA-Z0-9])*$': (text) =>
    /^[0-9]/.test(text) || endsWithName(text),
};

/** Whether behind some letter there are only letters, digits and single hyphens between them. */
function endsWithName(text: string): boolean {
  for (let i = text.length - 1; i >= 0; i--) {
    if (/[a-zA-Z]/.test(text[i])) {
      return true;
    }
    const isInnerHyphen = text[i] === '-' && /[a-zA-Z0-9]/.test(text[i + 1] ?? '') && /[a-zA-Z0-9]/.test(text[i - 1] ?? '');
    if (!isInnerHyphen && !/[0-9]/.test(text[i])) {
      return false;
    }
  }
  return false;
}

/** The format `cidr`, which is laxer than the agent: leading zeros do not matter. Source: Kubernetes `pkg/net`, ParseCIDRSloppy. */
export function isCidr(text: string): boolean {
  const [, address, length] = /^([^/]*)\/0*([0-9]{1,3})$/.exec(text) ?? [];
  if (address === undefined) {
    return false;
  }
  const canonical = address.replace(/(^|[.:])0+(?=[0-9a-fA-F])/g, '$1');
  const parsed = parseAddress(canonical);
  return parsed !== undefined && Number(length) <= addressBits(parsed.version);
}
