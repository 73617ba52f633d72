/**
 * Which labels of a pod or node become part of its identity. Selectors match only these labels.
 *
 * Source: cilium `pkg/labelsfilter/filter.go`, `defaultLabelPrefixCfg` and `filterLabels`; the same in 1.18, 1.19 and 1.20.
 */
import { accepted, Parsed } from './parsed';
import { parseRegex, startLength } from './regex';
import { remember } from './remember';

/** Whether a label, given its source and key, is kept. */
export type LabelFilter = (source: string, key: string) => boolean;

/** Whether the default filter keeps a Kubernetes label, given its key without a source. */
export const isIdentityRelevant = remember((key) => keeps(DEFAULT, false, 'k8s', key));

/**
 * The identity label filter: the default, extended by the setting `labels` of `cilium-config`.
 *
 * Each string is a regular expression that matches keys. `SOURCE:` in front limits it to one source; a `!` before the expression excludes
 * matching labels.
 */
export function parseIdentityFilter(texts: readonly string[]): Parsed<LabelFilter> {
  return filterOf(DEFAULT, texts);
}

/** The filter for node labels, from the setting `node-labels`; it has no default patterns. */
export function parseNodeFilter(texts: readonly string[]): Parsed<LabelFilter> {
  return filterOf([], texts);
}

/** One regular expression of a filter. */
interface Pattern {
  /** The source that it applies to; empty for every source. */
  readonly source: string;
  readonly excludes: boolean;
  /** How many characters of a key it matches from the start; `undefined` if it does not match there. */
  readonly length: (key: string) => number | undefined;
}

function pattern(expression: RegExp, excludes: boolean): Pattern {
  return { source: '', excludes, length: (key) => expression.exec(key)?.[0].length };
}

/** Kept although an exclusion matches too, because these match more of the key. */
const INCLUDED = [
  /^io\.kubernetes\.pod\.namespace/,
  /^io\.cilium\.k8s\.namespace\.labels/,
  /^app\.kubernetes\.io/,
  /^io\.cilium\.k8s\.policy\.cluster/,
  /^io\.cilium\.k8s\.policy\.serviceaccount/,
];

const EXCLUDED = [
  /^io\.kubernetes/,
  /^kubernetes\.io/,
  /^statefulset\.kubernetes\.io\/pod-name/,
  /^apps\.kubernetes\.io\/pod-index/,
  /^batch\.kubernetes\.io\/job-completion-index/,
  /^batch\.kubernetes\.io\/controller-uid/,
  /^.*beta\.kubernetes\.io/,
  /^k8s\.io/,
  /^pod-template-generation/,
  /^pod-template-hash/,
  /^controller-revision-hash/,
  /^controller-uid/,
  /^annotation.*/,
  /^etcd_node/,
  /^topology\.kubernetes\.io/,
];

const DEFAULT: readonly Pattern[] = [
  { source: 'reserved', excludes: false, length: (key) => key.length },
  ...INCLUDED.map((expression) => pattern(expression, false)),
  ...EXCLUDED.map((expression) => pattern(expression, true)),
];

function filterOf(defaults: readonly Pattern[], texts: readonly string[]): Parsed<LabelFilter> {
  const added: Pattern[] = [];
  for (const text of texts) {
    const parsed = parsePattern(text);
    if (!parsed.ok) {
      return parsed;
    }
    added.push(parsed.value);
  }
  const patterns = [...defaults, ...added];
  // If the user includes any label, all labels that no pattern includes are dropped.
  const needsInclusion = added.some(({ excludes }) => !excludes);
  // The same few keys occur again and again.
  const known = new Map<string, boolean>();
  return accepted((source, key) => {
    const label = `${source}:${key}`;
    const kept = known.get(label) ?? keeps(patterns, needsInclusion, source, key);
    known.set(label, kept);
    return kept;
  });
}

function parsePattern(text: string): Parsed<Pattern> {
  const colon = text.indexOf(':');
  const [source, rest] = colon < 0 ? ['', text] : [text.slice(0, colon), text.slice(colon + 1)];
  const excludes = rest.startsWith('!');
  const regex = parseRegex(excludes ? rest.slice(1) : rest);
  return regex.ok ? accepted({ source, excludes, length: (key) => startLength(regex.value.text, key) }) : regex;
}

/** A label is kept if no pattern excludes it, or if an including pattern matches more of its key than the shortest excluding one. */
function keeps(patterns: readonly Pattern[], needsInclusion: boolean, source: string, key: string): boolean {
  const matching = patterns.filter((one) => one.source === '' || one.source === source);
  const lengths = (excludes: boolean) => matching.filter((one) => one.excludes === excludes).flatMap((one) => one.length(key) ?? []);
  const included = lengths(false).reduce((a, b) => Math.max(a, b), 0);
  const excluded = lengths(true);
  return (!needsInclusion && excluded.length === 0) || included > (excluded.length === 0 ? 0 : excluded.reduce((a, b) => Math.min(a, b)));
}
