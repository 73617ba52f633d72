/** Checks what was read, and puts the findings in order. */
import { Minor, MINORS, NEWEST } from '../crd/minor';
import type { AgentConfig } from '../model/config';
import type { Diagnostic } from '../model/diagnostic';
import type { Document, Origin, Resource, Source } from '../model/origin';
import { Path, pointer } from '../model/path';
import { rangeOf } from '../read/place';
import { isPlaceholderAt, placeholderIn } from '../read/placeholders';
import type { ReadProblem } from '../read/problem';
import type { OnProgress, Read } from '../read/read';
import type { Check, Told } from './check';
import type { Fix } from './fix';
import { Finding, judgeResource } from './judge';
import { READ_CHECKS } from './registry';
import { check as internalError } from './self/CIL909-internal-error';
import { suppress } from './suppress';

export interface CheckOptions {
  /** The minor, or the oldest and the newest of a comparison. @default - the newest that we know */
  readonly cilium?: Minor | readonly [Minor, Minor];
  /** Keys of cilium-config that do not have their defaults. */
  readonly config?: AgentConfig;
  /** Codes or their beginnings, such as `CIL2`; only these are reported. @default - all */
  readonly select?: readonly string[];
  /** Codes or their beginnings; these are not reported. @default - none */
  readonly ignore?: readonly string[];
  /** Told how many documents were read, and then how many policies were checked. @default - nobody is told */
  readonly onProgress?: OnProgress;
}

/** A finding that can be mended. */
export interface Fixable {
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
}

export interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  readonly fixes: readonly Fixable[];
}

/** All findings of what was read, in the order of the text. */
export function checkRead(read: Read, options: CheckOptions = {}): Checked {
  const { cilium = NEWEST, config = {}, select, ignore = [] } = options;
  const minors = typeof cilium === 'string' ? [cilium] : MINORS.slice(MINORS.indexOf(cilium[0]), MINORS.indexOf(cilium[1]) + 1);
  const fixes: Fixable[] = [];
  const found = [
    ...read.problems.flatMap((problem) => keep(ofProblem(problem))),
    ...read.policies.flatMap((resource, i) => {
      options.onProgress?.('checked', i, read.policies.length);
      return judgements(resource).flatMap(keep);
    }),
  ];
  const documents = [...new Set(read.policies.map(({ document }) => document))];
  const diagnostics = suppress(found, documents, read.policies).filter(isWanted);
  // What is allowed, or was not asked for, is not mended.
  const told = new Set(diagnostics);
  return { diagnostics: inOrder(diagnostics, read.sources), fixes: fixes.filter(({ diagnostic }) => told.has(diagnostic)) };

  function keep({ diagnostic, fix }: { diagnostic: Diagnostic; fix?: Fix }): Diagnostic[] {
    if (fix !== undefined) {
      fixes.push({ diagnostic, fix });
    }
    return [diagnostic];
  }

  function isWanted({ code }: Diagnostic): boolean {
    const isOneOf = (codes: readonly string[]) => codes.some((prefix) => code.startsWith(prefix.toUpperCase()));
    return (select === undefined || isOneOf(select)) && !isOneOf(ignore);
  }

  function judgements(resource: Resource): readonly { diagnostic: Diagnostic; fix?: Fix }[] {
    return minors.length === 1 ? findingsOf(resource, minors[0], config) : compared(resource, minors, config);
  }
}

/** What is told of a problem of reading. */
export function diagnosticOf(problem: ReadProblem): Diagnostic {
  return ofProblem(problem).diagnostic;
}

function ofProblem(problem: ReadProblem): { diagnostic: Diagnostic; fix?: Fix } {
  const check = READ_CHECKS.find(({ tells }) => problem.is in tells)!;
  const tell = check.tells[problem.is] as (problem: ReadProblem) => Told;
  return diagnosed(check, tell(problem), problem.origin);
}

function diagnosed(check: Check, { message, help, fix }: Told, origin: Origin): { diagnostic: Diagnostic; fix?: Fix } {
  const { code, name, severity, stage } = check;
  return { diagnostic: { code, name, severity, stage, message, ...(help !== undefined && { help }), origin }, fix };
}

/** What the API server and the agent of a minor refuse of a policy; a mistake of ours is a finding too. */
function findingsOf(resource: Resource, minor: Minor, config: AgentConfig): readonly { diagnostic: Diagnostic; fix?: Fix }[] {
  const { document } = resource;
  try {
    const { findings } = judgeResource(resource, minor, config);
    const shown = hasPlaceholders(document) ? findings.filter(({ path }) => !isPlaceholderAt(resource.value, path)) : findings;
    return withoutEchoes(shown).map(({ check, told, path, onKey }) =>
      diagnosed(check, told, { document, resource, path, ...(onKey && { onKey }) }),
    );
  } catch (error) {
    const message = `the check of ${resource.kind} \`${resource.name}\` failed: ${(error as Error).message}`;
    return [diagnosed(internalError, { message, help: 'please report it with the policy' }, { document, resource, path: [] })];
  }
}

function hasPlaceholders({ source: { text }, start, end }: Document): boolean {
  return text === undefined || placeholderIn(text.slice(start, end)) !== undefined;
}

/** What the API server refuses the agent never sees: where both say the same of one thing, the API server is enough. */
function withoutEchoes(findings: readonly Finding[]): readonly Finding[] {
  const ofSchema = findings.filter(({ check }) => check.stage === 'schema' && check.code !== 'CIL103');
  const isEcho = ({ check, path }: Finding) => check.stage === 'agent' && ofSchema.some((one) => isSame(one, path));
  return ofSchema.length === 0 ? findings : findings.filter((finding) => !isEcho(finding));
}

/** Whether a finding of the schema is about what stands at a path of another one. */
function isSame({ check, path: of }: Finding, path: Path): boolean {
  const isAlong = of.every((step, i) => i >= path.length || path[i] === step);
  switch (check.code) {
    case 'CIL101':
      // What has the wrong type is nothing to the agent, and neither is what it is part of.
      return isAlong;
    case 'CIL110':
      return isAlong && (path.length === of.length || path.length === of.length + 1);
    default:
      return isAlong && path.length === of.length;
  }
}

/** What holds in some of the minors and not in all: what an upgrade changes. */
function compared(resource: Resource, minors: readonly Minor[], config: AgentConfig): readonly { diagnostic: Diagnostic; fix?: Fix }[] {
  const byIdentity = new Map<string, { diagnostic: Diagnostic; fix?: Fix; minors: Minor[] }>();
  for (const minor of minors) {
    for (const { diagnostic, fix } of findingsOf(resource, minor, config)) {
      const identity = `${diagnostic.code} ${pointer(diagnostic.origin.path)} ${diagnostic.message}`;
      const known = byIdentity.get(identity);
      known?.minors.push(minor);
      byIdentity.set(identity, known ?? { diagnostic, fix, minors: [minor] });
    }
  }
  return [...byIdentity.values()]
    .filter((found) => found.minors.length < minors.length)
    .map(({ diagnostic, fix, minors: cilium }) => {
      // What only an older minor refuses is good news.
      const isGone = !cilium.includes(minors[minors.length - 1]);
      return { diagnostic: { ...diagnostic, cilium, ...(isGone && { severity: 'info' as const }) }, ...(!isGone && { fix }) };
    });
}

/** In the order of the text; what was read first comes first, and findings at one place are ordered by their codes. */
function inOrder(diagnostics: readonly Diagnostic[], sources: readonly Source[]): readonly Diagnostic[] {
  const order = new Map(sources.map((source, i) => [source, i]));
  const keyed = diagnostics.map((diagnostic) => ({
    diagnostic,
    source: order.get(diagnostic.origin.document.source) ?? sources.length,
    document: diagnostic.origin.document.index,
    start: rangeOf(diagnostic.origin)?.start ?? 0,
  }));
  keyed.sort(
    (a, b) =>
      a.source - b.source ||
      a.document - b.document ||
      a.start - b.start ||
      compareTexts(pointer(a.diagnostic.origin.path), pointer(b.diagnostic.origin.path)) ||
      compareTexts(a.diagnostic.code, b.diagnostic.code),
  );
  return keyed.map(({ diagnostic }) => diagnostic);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
