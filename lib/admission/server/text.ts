/**
 * The patterns and formats of the CRDs.
 *
 * The patterns are RE2 and match anywhere in a string. JavaScript's engine needs exponential time for some of them, so each has an equivalent
 * predicate here. A pattern without a predicate runs in an RE2 engine.
 */
import { addressBits, parseAddress } from '../../net/address';
import { isFound } from '../../net/regex';

/** Whether a pattern matches anywhere in a string. */
export function matches(pattern: string, text: string): boolean {
  if (Object.hasOwn(PREDICATES, pattern)) {
    return PREDICATES[pattern](text);
  }
  return WITHOUT_REPEATS.test(pattern) ? new RegExp(pattern).test(text) : isFound(pattern, text);
}

/** Patterns that are safe in JavaScript's engine, for example the names of ICMP types. */
const WITHOUT_REPEATS = /^[^*+\\]*$/;

/** A dot with nothing before it. */
const EMPTY_LABEL = /^\.|\.\./;

/** The patterns of the CRDs that contain repetitions. */
export const PREDICATES: Readonly<Record<string, (text: string) => boolean>> = {
  '^([-a-zA-Z0-9_]+[.]?)+$': (text) => /^[-\w.]+$/.test(text) && !EMPTY_LABEL.test(text),
  '^([-a-zA-Z0-9_*]+[.]?)+$': (text) => /^[-\w*.]+$/.test(text) && !EMPTY_LABEL.test(text),
  '^(\\*?\\*\\.)?([-a-zA-Z0-9_]+\\.?)+$': (text) => {
    const rest = text.replace(/^\*?\*\./, '');
    return /^[-\w.]+$/.test(rest) && !EMPTY_LABEL.test(rest);
  },
  '^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$': (text) => /^(?:[A-Za-z0-9](?:[-\w.]*[A-Za-z0-9])?)?$/.test(text),
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$': (text) =>
    text.split('.').every((label) => /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(label)),
  // The class `A-z` has six characters that are no letters: [ \ ] ^ _ `.
  '^(\\*\\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\\.?$': (text) => {
    const labels = text.replace(/^\*\./, '').replace(/\.$/, '').split('.');
    return labels.length > 1 && labels.every((label) => /^[A-z0-9](?:[-\w]*[a-zA-Z0-9])?$/.test(label));
  },
  '^\\PC*$': (text) => /^\P{C}*$/u.test(text),
  // Each anchor applies to one alternative only: a number at the beginning, or a name at the end.
  '^(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4})|([a-zA-Z0-9]-?)*[a-zA-Z](-?[a-zA-Z0-9])*$': (text) =>
    /^[0-9]/.test(text) || endsWithName(text),
};

/** Whether some letter is followed only by letters, digits and single hyphens between them. */
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

/** The format `cidr`, which is less strict than the agent: it allows leading zeros. Source: Kubernetes `pkg/net`, ParseCIDRSloppy. */
export function isCidr(text: string): boolean {
  const [, address, length] = /^([^/]*)\/([0-9]+)$/.exec(canonicalCidr(text)) ?? [];
  const parsed = address === undefined ? undefined : parseAddress(address);
  return parsed !== undefined && length.length <= 3 && Number(length) <= addressBits(parsed.version);
}

/** A CIDR without leading zeros. */
export function canonicalCidr(text: string): string {
  const [address, ...lengths] = text.split('/');
  const zeroless = address.replace(/(^|[.:])0+(?=[0-9a-fA-F])/g, '$1');
  return [zeroless, ...lengths.map((length) => length.replace(/^0+(?=[0-9])/, ''))].join('/');
}
