/** Proofs as data: `docs/formats/prove.schema.json`. */
import type { WrittenEnd } from '../../model/flow';
import type { JsonObject } from '../../model/json';
import { safeJson } from '../../net/printable';
import type { Proof, Witness } from '../../snapshot/proofs/proof';
import { withNamespaceLabels } from '../reach/ends';
import { answerOf, FlowAnswer } from '../verdicts/answer';
import { endText } from '../verdicts/text';
import type { WarningView } from '../verdicts/warnings';

export interface ProofsData {
  readonly cilium: string;
  readonly summary: Readonly<Record<Proof['is'], number>>;
  readonly properties: readonly ProofData[];
  readonly warnings: readonly WarningView[];
}

export interface ProofData {
  readonly name: string;
  /** For example `only-from`. */
  readonly kind: string;
  readonly because: string | null;
  /** Where it is written, for example `apart.yaml:3:5`; null for an object. */
  readonly place: string | null;
  readonly result: Proof['is'];
  /** How many pairs of kinds of ends it is about, or kinds of pods. */
  readonly looked: number;
  /** How many pairs or pods fail. */
  readonly failing: number;
  readonly witness: WitnessData | null;
  /** A policy with which the property holds, if one is found; null for others. */
  readonly mend: JsonObject | null;
  /** What is missing to decide. */
  readonly missing: readonly string[];
}

export interface WitnessData {
  /** The flow that passes and must not, or that must and does not; null for a pod that no policy closes. */
  readonly flow: {
    readonly from: string;
    readonly to: string;
    readonly protocol: string;
    readonly port: number;
    /** What nodes need it for, for example `the kubelet`; null for other properties. */
    readonly what: string | null;
    readonly verdict: FlowAnswer;
    /** The verdict before the change; null for properties that are about no change. */
    readonly before: FlowAnswer | null;
  } | null;
  /** The pod of which no policy closes a direction. */
  readonly open: { readonly pod: string; readonly direction: string } | null;
  /** Manifests of the pods that are not listed. */
  readonly pods: readonly JsonObject[];
  /** The policies that somebody adds. */
  readonly policies: readonly JsonObject[];
}

export function proofsData(cilium: string, proofs: readonly Proof[], warnings: readonly WarningView[]): ProofsData {
  const count = (is: Proof['is']) => proofs.filter((one) => one.is === is).length;
  return {
    cilium,
    summary: { holds: count('holds'), fails: count('fails'), unknown: count('unknown') },
    properties: proofs.map(proofData),
    warnings,
  };
}

export function proofsJson(data: ProofsData): string {
  return `${safeJson(data, 2)}\n`;
}

function proofData({ property, is, looked, witness, others, missing, mend }: Proof): ProofData {
  const { name, kind, because, place } = property;
  return {
    ...{ name, kind, because: because ?? null, place: place ?? null, result: is, looked },
    failing: is === 'fails' ? others + 1 : 0,
    witness: witness === undefined ? null : witnessData(witness),
    mend: mend ?? null,
    missing,
  };
}

function witnessData(witness: Witness): WitnessData {
  if (witness.is === 'open') {
    const { pod, direction } = witness;
    return { flow: null, open: { pod: nameOf(pod), direction }, pods: manifestsOf([pod]), policies: [] };
  }
  const { from, to, protocol, port } = witness.flow;
  const [verdict, before] = [witness.verdicts.verdict(witness.flow), witness.before?.verdict(witness.flow)];
  return {
    flow: verdict.ok
      ? {
          ...{ from: nameOf(from), to: nameOf(to), protocol, port, what: witness.what ?? null, verdict: answerOf(verdict.value) },
          before: before?.ok === true ? answerOf(before.value) : null,
        }
      : null,
    open: null,
    pods: manifestsOf([from, to]),
    policies: witness.added,
  };
}

/** An end as `verdict --from` takes it. */
export function nameOf(written: WrittenEnd): string {
  return endText(withNamespaceLabels(written));
}

/** Pods that could exist, and their namespaces if these need labels. */
export function manifestsOf(ends: readonly WrittenEnd[]): readonly JsonObject[] {
  return ends.flatMap((end, i): readonly JsonObject[] => {
    if (end.is !== 'labels') {
      return [];
    }
    const { namespace, labels, serviceAccount, namespaceLabels } = end;
    const ofNamespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: namespaceLabels } };
    const spec = { ...(serviceAccount !== '' && { serviceAccountName: serviceAccount }), containers: [{ name: 'main', image: 'example' }] };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: `witness-${i + 1}`, namespace, labels }, spec };
    return namespaceLabels === undefined || Object.keys(namespaceLabels).length === 0 ? [pod] : [ofNamespace, pod];
  });
}
