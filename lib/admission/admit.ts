/** Decides whether the API server and the agent of a minor accept an object, and reports what they reject or drop as findings of checks. */
import { isKnownKind, Minor } from '../crd/minor';
import { clusterNetworkPolicy, CustomResource, resourcesOf, Schema } from '../crd/schema';
import type { AgentConfig } from '../model/config';
import { asText, isObject, JsonObject } from '../model/json';
import type { Resource } from '../model/origin';
import { below, Path, pathTo } from '../model/path';
import { STAND_IN } from '../model/stand-in';
import type { Written } from '../model/written';
import { isInt32 } from '../net/int32';
import { placeholderIn } from '../read/placeholders';
import { Parts, showNetworkPolicy, showPolicy, showTierPolicy } from './agent/show';
import type { AdmissionCheck, CheckContext, AgentCheck, SchemaFinding, Wording } from './check';
import { AGENT_CHECKS, SCHEMA_CHECKS } from './registry';
import { METADATA } from './server/metadata';
import { NETWORK_POLICY } from './server/network-policy';
import { Storing, validate } from './server/validate';
import type { Violation } from './server/violation';
import { written } from './written/written';

/** A finding, before it becomes a diagnostic. */
export interface Finding {
  readonly check: AdmissionCheck;
  readonly wording: Wording;
  /** The path in the object. */
  readonly path: Path;
  /** Whether the finding concerns the key at the end of the path, not the value. */
  readonly onKey: boolean;
}

/** Whether a finding is a reason for a rejection. A dropped field is none, and neither is what only some versions or CRDs reject. */
export function isReason({ check }: Finding): boolean {
  return check.stage === 'agent' || (check.wordings.unknown ?? check.wordings.doubt ?? check.wordings.experimental) === undefined;
}

export interface Admission {
  /** Whether the API server stores the object, and whether the agent accepts what is stored. */
  readonly accepted: { readonly schema: boolean; readonly agent: boolean };
  /** The fields that the API server drops. */
  readonly unknown: readonly Path[];
  readonly findings: readonly Finding[];
  /** The parts of the stored object; absent for a CIDR group and for an object that cannot be decoded. */
  readonly written?: Written;
}

/** The maximum number of findings of one stage, and of a run. Each takes about 2 kB. */
export const MAX_FINDINGS = 50_000;

/** Admits a policy of any kind, or a CIDR group. An object of a kind that the minor does not have is not stored and has no findings. */
export function admit(resource: Resource, minor: Minor, config: AgentConfig): Admission {
  const object = withNamespace(resource);
  const custom = definitionOf(resource, minor);
  if (custom === undefined) {
    return { accepted: { schema: false, agent: true }, unknown: [], findings: [] };
  }
  const storing = validate(object, custom);
  const ofSchema = allSchemaFindings([...storing.violations, ...unknownFields(storing, custom.schema), ...storing.doubts], minor);
  // An object that cannot be decoded never reaches an agent.
  const parts = storing.isDecoded ? written(storing.stored) : undefined;
  const isSeen = storing.isDecoded && isKnownKind(resource.kind, minor);
  const ofAgent = isSeen ? agentFindings(parts, [...storing.violations, ...storing.tolerated], minor, config) : [];
  return {
    accepted: { schema: storing.violations.length === 0, agent: ofAgent.length === 0 },
    unknown: storing.unknown,
    findings: [...ofSchema, ...ofAgent],
    ...(parts && { written: parts }),
  };
}

function definitionOf(resource: Resource, minor: Minor): CustomResource | undefined {
  const kinds = resource.kind === 'ClusterNetworkPolicy' ? [clusterNetworkPolicy()] : [...resourcesOf(minor), NETWORK_POLICY];
  return kinds.find(({ apiVersion, kind }) => apiVersion === resource.apiVersion && kind === resource.kind);
}

/** The object as kubectl sends it: with its namespace. For one that is not known yet stands a valid one, unless a placeholder is written. */
function withNamespace({ value, namespace }: Resource): JsonObject {
  const { metadata } = value;
  if (namespace === undefined || !(metadata === undefined || metadata === null || isObject(metadata))) {
    return value;
  }
  const isKnown = placeholderIn(namespace) === undefined;
  const own = asText(metadata?.namespace);
  const sent = isKnown ? namespace : own || STAND_IN;
  return own === sent ? value : { ...value, metadata: { ...metadata, namespace: sent } };
}

function unknownFields({ unknown }: Storing, schema: Schema): SchemaFinding[] {
  return unknown.slice(0, MAX_FINDINGS + 1).map((path) => ({ is: 'unknown', path, siblings: siblingsOf(path, schema) }));
}

/** The known fields at the place of an unknown field. */
function siblingsOf(path: Path, schema: Schema): readonly string[] {
  if (path[0] === 'metadata' && path.length === 2) {
    return METADATA_OF_USERS;
  }
  const isMetadata = path[0] === 'metadata';
  let inner: Schema | undefined = isMetadata ? METADATA : schema;
  for (const step of path.slice(isMetadata ? 1 : 0, -1)) {
    inner = typeof step === 'number' ? inner?.items : (inner?.properties?.[step] ?? inner?.values);
  }
  return Object.keys(inner?.properties ?? {});
}

const METADATA_OF_USERS = ['name', 'namespace', 'labels', 'annotations', 'finalizers', 'ownerReferences', 'generateName'];

/** One more than the maximum, so that the run knows that there are more. */
function allSchemaFindings(all: readonly SchemaFinding[], minor: Minor): readonly Finding[] {
  const findings: Finding[] = [];
  for (const one of all) {
    if (findings.length > MAX_FINDINGS) {
      break;
    }
    schemaFindings(one, minor).forEach((finding) => findings.push(finding));
  }
  return findings;
}

function schemaFindings(finding: SchemaFinding, minor: Minor): Finding[] {
  return SCHEMA_CHECKS.filter(({ minors }) => minors?.includes(minor) ?? true).flatMap((check): Finding[] => {
    const wordingOf = check.wordings[finding.is] as ((finding: SchemaFinding) => Wording | undefined) | undefined;
    const wording = wordingOf?.(finding);
    return wording === undefined ? [] : [{ check, wording, path: finding.path, onKey: ON_KEYS.includes(finding.is) }];
  });
}

/** The findings that concern the key of a field. */
const ON_KEYS: readonly SchemaFinding['is'][] = ['unknown', 'experimental'];

type Visitor = { readonly check: AgentCheck; readonly visit: (part: never, agent: CheckContext) => void };

const visitors = new Map<Minor, ReadonlyMap<keyof Parts, readonly Visitor[]>>();

/** The checks that visit each kind of part, in a minor. */
function visitorsOf(minor: Minor): ReadonlyMap<keyof Parts, readonly Visitor[]> {
  let found = visitors.get(minor);
  if (found === undefined) {
    const all = AGENT_CHECKS.filter(({ minors }) => minors?.includes(minor) ?? true).flatMap((check) =>
      Object.entries(check.visit).map(([kind, visit]) => ({ kind: kind as keyof Parts, check, visit })),
    );
    found = new Map(all.map(({ kind }) => [kind, all.filter((one) => one.kind === kind)]));
    visitors.set(minor, found);
  }
  return found;
}

function agentFindings(parts: Written | undefined, violations: readonly Violation[], minor: Minor, config: AgentConfig): Finding[] {
  const findings: Finding[] = [];
  const byKind = visitorsOf(minor);
  let current: AgentCheck;
  const agent: CheckContext = {
    minor,
    config,
    report: (wording, place, ...at) => {
      if (findings.length <= MAX_FINDINGS) {
        findings.push({ check: current, wording, path: [...pathTo(place), ...at], onKey: wording.onKey ?? false });
      }
    },
  };
  const show = (kind: keyof Parts, part: unknown) => {
    for (const { check, visit } of byKind.get(kind) ?? []) {
      current = check;
      visit(part as never, agent);
    }
  };
  const isUndecodable = parts?.is === 'tier' ? isTierMisfit : isMisfit;
  violations.filter(isUndecodable).forEach((violation) => show('misfit', misfitOf(violation)));
  if (parts?.is === 'kubernetes') {
    showNetworkPolicy(parts, minor, config, show);
  } else if (parts?.is === 'cilium') {
    showPolicy(parts, minor, show);
  } else if (parts?.is === 'tier') {
    showTierPolicy(parts, show);
  }
  return findings;
}

/**
 * Whether Go cannot decode a value that the API server rejects.
 *
 * A null in a list becomes the zero value of its type. The exception is a pointer in `specs`, which crashes the agent. A label can be a string.
 */
function isMisfit(violation: Violation): boolean {
  if (violation.is !== 'type') {
    return false;
  }
  const { path, found } = violation;
  const isLabel = path.at(-2) === 'labels' && typeof path.at(-1) === 'number' && typeof found === 'string';
  const isZero = found === null && !(path[0] === 'specs' && path.length === 2);
  return !isLabel && !isZero;
}

/** All numbers of a ClusterNetworkPolicy have 32 bits, and all have a range that is smaller. */
function isTierMisfit(violation: Violation): boolean {
  return isMisfit(violation) || (violation.is === 'range' && !isInt32(violation.found));
}

function misfitOf(violation: Violation): Parts['misfit'] {
  const [first, ...rest] = violation.path;
  const expected = violation.is === 'type' ? violation.expected : 'int32';
  return { expected, at: below(undefined, first, ...rest) };
}
