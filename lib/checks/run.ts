/** Runs the checks on a snapshot and sorts their findings in the order of the sources. */
import { Finding, MAX_FINDINGS } from '../admission/admit';
import { withoutEchoes } from '../admission/echoes';
import type { Minor } from '../crd/minor';
import { Diagnostic, isOwnCheck } from '../model/diagnostic';
import { isBehindLink, Document, Resource, Source } from '../model/origin';
import { pointer } from '../model/path';
import { groupedBy } from '../net/grouped';
import { isPlaceholderAt, mayHavePlaceholders } from '../read/placeholders';
import type { TextPlaces } from '../read/places';
import { wholeDocument } from '../read/problem';
import type { OnProgress } from '../read/read';
import type { Settings } from '../settings/settings';
import type { Snapshot } from '../snapshot/snapshot';
import type { IntentCheck, SetCheck } from './check';
import { diagnose, Found, foundIn, foundOf, internalErrorIn } from './diagnose';
import { editOf, Fixable } from './edit';
import { intentChecksOf, intentFindings } from './intents';
import { check as tooMany } from './self/CIL903-too-many-findings';
import { setChecksOf, setFindings } from './sets';
import { suppress } from './suppress';

export interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  readonly fixes: readonly Fixable[];
}

/** All findings of a snapshot, in the order of the sources. */
export function runChecks(snapshot: Snapshot, onProgress?: OnProgress): Checked {
  const { read } = snapshot;
  const found = groupedBy(firstOf(allFound(snapshot, onProgress)), ({ diagnostic }) => diagnostic.origin.document);
  const policies = groupedBy(read.policies, ({ document }) => document);
  // Document by document, because only some trees are kept in memory.
  const checked = inOrder([...new Set([...found.keys(), ...policies.keys()])], read.sources).map((document) =>
    finish(document, found.get(document) ?? [], policies.get(document) ?? [], snapshot),
  );
  return { diagnostics: checked.flatMap(({ diagnostics }) => diagnostics), fixes: checked.flatMap(({ fixes }) => fixes) };
}

/** Every problem of reading and every finding of a policy, found when it is asked for. */
function* allFound(snapshot: Snapshot, onProgress?: OnProgress): Generator<Found> {
  const { problems, policies } = snapshot.read;
  // A comparison tells only what differs; what cannot be read is the same in every minor, and is told, since it was not compared.
  const isCompared = snapshot.settings.minors.length > 1;
  for (const problem of problems) {
    const found = foundIn(problem);
    if (!isCompared || UNREAD.includes(found.diagnostic.code)) {
      yield found;
    }
  }
  const asked = askedBy(snapshot);
  for (const [i, resource] of policies.entries()) {
    onProgress?.('checked', i, policies.length);
    yield* findingsOf(resource, snapshot, asked);
  }
  if (asked.ofAll.length > 0) {
    yield* setFindings(snapshot, snapshot.settings.minors[0], asked.ofAll);
  }
}

/** What is not selected need not run, and then nothing is known of its suppressions. */
function isAskedIn(settings: Settings): (code: string) => boolean {
  return (code) => isSelected(code, settings);
}

/** The checks that run: what is not selected takes no time. */
interface Asked {
  /** Of one policy, in each minor. */
  readonly ofOne: ReadonlyMap<Minor, readonly IntentCheck[]>;
  /** Of all policies together, which a comparison of minors does not ask for. */
  readonly ofAll: readonly SetCheck[];
  /** What checks of one policy may ask for. Nothing of a file behind a link shows in a finding, nor in its absence. */
  readonly objects: readonly Resource[];
}

function askedBy({ settings, read, inventory }: Snapshot): Asked {
  const { minors } = settings;
  const isAsked = isAskedIn(settings);
  return {
    ofOne: new Map(minors.map((minor) => [minor, intentChecksOf(minor, isAsked)])),
    ofAll: minors.length > 1 ? [] : setChecksOf(minors[0], isAsked),
    objects: [...read.others, ...inventory].filter((object) => !isBehindLink(object)),
  };
}

/** As many findings as a run keeps. If there are more, the last one says so, at the document of the first that is left out. */
function firstOf(all: Iterable<Found>): readonly Found[] {
  const first: Found[] = [];
  for (const one of all) {
    if (first.length === MAX_FINDINGS) {
      const message = `the run has more than ${MAX_FINDINGS} findings, and the rest is left out`;
      const origin = wholeDocument(one.diagnostic.origin.document);
      return [
        ...first,
        { diagnostic: diagnose(tooMany, { message, help: 'mend what is reported, or check fewer files at once' }, origin) },
      ];
    }
    first.push(one);
  }
  return first;
}

/** The findings of a document: with their places and suppressions, filtered and sorted. */
function finish(document: Document, found: readonly Found[], policies: readonly Resource[], { read, settings }: Snapshot): Checked {
  const { places } = read;
  const placed = found.map(({ diagnostic, fix }): Found => ({ diagnostic: withPlace(diagnostic, places), fix }));
  const all = placed.map(({ diagnostic }) => diagnostic);
  const suppressed = settings.suppressions ? suppress(all, document, policies, places, isAskedIn(settings)) : all;
  const diagnostics = suppressed.filter(({ code }) => isSelected(code, settings)).map((diagnostic) => withPlace(diagnostic, places));
  // A finding that is suppressed or not selected is not fixed.
  const reported = new Set(diagnostics);
  const fixes = placed.flatMap(({ diagnostic, fix }) =>
    fix !== undefined && reported.has(diagnostic) ? [{ diagnostic, fix, edit: editOf(diagnostic.origin, fix, places) }] : [],
  );
  places.forget(document);
  return { diagnostics: diagnostics.sort(compareDiagnostics), fixes };
}

function withPlace(diagnostic: Diagnostic, places: TextPlaces): Diagnostic {
  const place = diagnostic.place ?? places.placeOf(diagnostic.origin);
  return diagnostic.place === undefined && place !== undefined ? { ...diagnostic, place } : diagnostic;
}

/** What the run says of itself is always reported; so is what was not read, unless the user leaves it out. */
export function isSelected(code: string, { select, ignore, found }: Settings): boolean {
  const isOneOf = (codes: readonly string[]) => codes.some((prefix) => code.startsWith(prefix.toUpperCase()));
  const isUnread = UNREAD.includes(code);
  const isLeftOut = select !== undefined && !isOneOf(select) && !(isUnread && found.includes('select'));
  const isIgnored = isOneOf(ignore) && !(isUnread && found.includes('ignore'));
  return isOwnCheck(code) || !(isLeftOut || isIgnored);
}

/** The checks of what was not read and may hold a policy: syntax, template, too large, unreadable, misread list. */
const UNREAD = ['CIL001', 'CIL003', 'CIL008', 'CIL009', 'CIL011'];

function findingsOf(resource: Resource, snapshot: Snapshot, asked: Asked): readonly Found[] {
  const { minors } = snapshot.settings;
  return minors.length === 1 ? findingsIn(minors[0], resource, snapshot, asked) : compared(resource, snapshot, asked);
}

/** What the API server and the agent of a minor reject in a policy; what is wrong with it if they accept it. An internal error is a finding too. */
function findingsIn(minor: Minor, resource: Resource, snapshot: Snapshot, asked: Asked): readonly Found[] {
  try {
    const admission = snapshot.admission(resource, minor);
    if (asked.ofAll.length > 0) {
      snapshot.keep(admission, resource, minor);
    }
    const isKnown = knownIn(resource);
    const rejected = withoutEchoes(admission.findings.filter(isKnown));
    // A policy may be rejected only because a placeholder is not filled in.
    const isAccepted = (admission.accepted.schema && admission.accepted.agent) || rejected.length === 0;
    const intents = isAccepted
      ? intentFindings(admission, resource, minor, snapshot.settings.configs[minor], {
          checks: asked.ofOne.get(minor),
          objects: asked.objects,
        }).filter(isKnown)
      : [];
    return [...rejected, ...intents].map((finding) => foundOf(resource, finding));
  } catch (error) {
    return [internalErrorIn(resource, `the check of ${resource.kind} \`${resource.name}\``, error)];
  }
}

/** Whether the value that a finding is about is known: a placeholder is not. */
function knownIn({ document, value }: Resource): (finding: Pick<Finding, 'path' | 'onKey'>) => boolean {
  return document.source.text === undefined || mayHavePlaceholders(document)
    ? ({ path, onKey }) => !isPlaceholderAt(value, path, onKey)
    : () => true;
}

/** The findings that hold in some of the minors but not in all: what an upgrade changes. */
function compared(resource: Resource, snapshot: Snapshot, asked: Asked): readonly Found[] {
  const { minors } = snapshot.settings;
  const byIdentity = new Map<string, Found & { readonly holdsIn: Minor[] }>();
  for (const minor of minors) {
    for (const { diagnostic, fix } of findingsIn(minor, resource, snapshot, asked)) {
      const identity = `${diagnostic.code} ${pointer(diagnostic.origin.path)} ${diagnostic.message}`;
      const known = byIdentity.get(identity);
      known?.holdsIn.push(minor);
      byIdentity.set(identity, known ?? { diagnostic, fix, holdsIn: [minor] });
    }
  }
  return [...byIdentity.values()]
    .filter(({ holdsIn }) => holdsIn.length < minors.length)
    .map(({ diagnostic, fix, holdsIn: cilium }) => {
      // A finding that the newest minor no longer has is only informative.
      const isGone = !cilium.includes(minors[minors.length - 1]);
      return { diagnostic: { ...diagnostic, cilium, ...(isGone && { severity: 'info' as const }) }, fix: isGone ? undefined : fix };
    });
}

/** Sorts documents by source, then by their position in it. */
function inOrder(documents: readonly Document[], sources: readonly Source[]): readonly Document[] {
  const order = new Map(sources.map((source, i) => [source, i]));
  const orderOf = ({ source }: Document) => order.get(source) ?? sources.length;
  return [...documents].sort((a, b) => orderOf(a) - orderOf(b) || a.index - b.index);
}

/** Findings at the same place are sorted by path, then by code. */
function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
    (a.place?.column ?? 0) - (b.place?.column ?? 0) ||
    compareTexts(pointer(a.origin.path), pointer(b.origin.path)) ||
    compareTexts(a.code, b.code)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
