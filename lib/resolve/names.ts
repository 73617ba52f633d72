/** Which DNS names a pattern matches. Source: cilium `pkg/fqdn/matchpattern/matchpattern.go`. */
import { isSince, Minor } from '../crd/minor';

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
    return extra > 0 && labels.slice(0, extra).every(isPlainLabel) && isEachMatched(wanted.slice(1), labels.slice(extra));
  }
  return isEachMatched(wanted, labels);
}

function isEachMatched(patterns: readonly string[], labels: readonly string[]): boolean {
  return patterns.length === labels.length && patterns.every((pattern, i) => matchesLabel(pattern, labels[i]));
}

/** Runs in time proportional to both lengths, whatever the pattern: only the last star is ever tried again. */
function matchesLabel(pattern: string, label: string): boolean {
  let [p, l, star, from] = [0, 0, -1, 0];
  while (l < label.length) {
    if (pattern[p] === '*') {
      [star, from] = [p++, l];
    } else if (pattern[p] === label[l]) {
      p++;
      l++;
    } else if (star >= 0 && isPlainLabel(label[from])) {
      [p, l] = [star + 1, ++from];
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(p));
}

/** Whether a star matches these characters. */
function isPlainLabel(text: string): boolean {
  return /^[-a-zA-Z0-9_]+$/.test(text);
}
