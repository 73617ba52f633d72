/** Which DNS names a pattern matches. Source: cilium `pkg/fqdn/matchpattern/matchpattern.go`. */
import { isSince, Minor } from '../crd/minor';
import type { DnsStep } from '../net/dns-atoms';
import { isPlainLabel, matchesLabels, plainName } from '../net/dns-pattern';

/**
 * Whether a pattern matches a name (in lower case, without a trailing dot).
 *
 * `*` matches any characters inside one label, and by itself every name. From 1.19 on a leading `**.` matches one label or more.
 */
export function matchesName(pattern: string, name: string, minor: Minor): boolean {
  const hasDeep = isSince(minor, '1.19');
  const labels = name.split('.');
  if (hasDeep ? /^\*+\.?$/.test(pattern) : pattern === '*') {
    return name === '' || labels.every(isPlainLabel);
  }
  const wanted = pattern.toLowerCase().replace(/\.$/, '').split('.');
  if (hasDeep && /^\*{2,}$/.test(wanted[0])) {
    const extra = labels.length - wanted.length + 1;
    return extra > 0 && labels.slice(0, extra).every(isPlainLabel) && matchesLabels(wanted.slice(1), labels.slice(extra));
  }
  return matchesLabels(wanted, labels);
}

/** A pattern step by step. */
export function stepsOf(pattern: string, minor: Minor): readonly DnsStep[] {
  const hasDeep = isSince(minor, '1.19');
  if (hasDeep ? /^\*+\.?$/.test(pattern) : pattern === '*') {
    return [{ is: 'everything' }];
  }
  const [first, ...others] = plainName(pattern).split('.');
  const ofLabel = (label: string) =>
    [...label].map((character): DnsStep => (character === '*' ? { is: 'star' } : { is: 'character', character }));
  const start: readonly DnsStep[] = hasDeep && /^\*{2,}$/.test(first) ? [{ is: 'labels' }] : ofLabel(first);
  return [...start, ...others.flatMap((label): DnsStep[] => [{ is: 'character', character: '.' }, ...ofLabel(label)])];
}

/** What every name that a pattern matches ends with: what stands after the last wildcard. */
export function tailOf(pattern: string): string {
  return pattern
    .slice(pattern.lastIndexOf('*') + 1)
    .toLowerCase()
    .replace(/\.$/, '');
}
