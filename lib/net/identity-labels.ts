/**
 * Which labels of a pod or node become part of its identity. Only those can be selected.
 *
 * Source: cilium `pkg/labelsfilter/filter.go`, `defaultLabelPrefixCfg` and `filterLabels`; the same in 1.18, 1.19 and 1.20.
 */
import { accepted, Parsed } from './parsed';
import { parseRegex, startLength } from './regex';

/** Tells whether a label, by its source and key, is kept. */
export type LabelFilter = (source: string, key: string) => boolean;

/** Whether a Kubernetes label (its key, without a source) survives the default filter. */
export function isIdentityRelevant(key: string): boolean {
  return keeps(DEFAULT, false, 'k8s', key);
}

/**
 * The filter of identities with what the setting `labels` of `cilium-config` adds to the default.
 *
 * Each text is a regular expression of keys, after `SOURCE:` where it is about one source, with `!` before it where it excludes.
 */
export function parseIdentityFilter(texts: readonly string[]): Parsed<LabelFilter> {
  return filterOf(DEFAULT, texts);
}

/** The filter of the labels of nodes, which is the setting `node-labels`; there is no default. */
export function parseNodeFilter(texts: readonly string[]): Parsed<LabelFilter> {
  return filterOf([], texts);
}

/** One expression of a filter. */
interface Pattern {
  /** Empty for every source. */
  readonly source: string;
  readonly excludes: boolean;
  /** How much of a key it matches, from its start. */
  readonly length: (key: string) => number | undefined;
}

function pattern(expression: RegExp, excludes: boolean): Pattern {
  return { source: '', excludes, length: (key) => expression.exec(key)?.[0].length };
}

/** Kept although an exclusion matches, since they match more of the key. */
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
  // One that the user includes leaves out all that none includes.
  const needsInclusion = added.some(({ excludes }) => !excludes);
  // The same few keys are asked for again and again.
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

/** A label is kept if nothing excludes it, or if what includes it matches more of its key than what excludes it. */
function keeps(patterns: readonly Pattern[], needsInclusion: boolean, source: string, key: string): boolean {
  const matching = patterns.filter((one) => one.source === '' || one.source === source);
  const lengths = (excludes: boolean) => matching.filter((one) => one.excludes === excludes).flatMap((one) => one.length(key) ?? []);
  const included = lengths(false).reduce((a, b) => Math.max(a, b), 0);
  const excluded = lengths(true);
  return (!needsInclusion && excluded.length === 0) || included > (excluded.length === 0 ? 0 : excluded.reduce((a, b) => Math.min(a, b)));
}
