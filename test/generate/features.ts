/** Counts the fields of generated policies, and the pairs of fields that occur in one document. */
import { NEWEST, fieldsIn, fieldsOf, schemaOf } from '../support/crd';
import { ValidationCase } from './cases';
import { counted, Counts } from './counts';

export interface FeatureCoverage {
  /** The number of documents with a field, as `egress.toPorts.rules.http.path`. Fields of `specs` count as fields of `spec`. */
  readonly fields: Counts;
  /** The number of documents with both of two coarser fields, as `egress.toCIDR + ingress.toPorts.ports`. */
  readonly pairs: Counts;
}

/** Counts the policies that should be valid. Fields that no policy uses count 0. */
export function featureCoverage(cases: readonly ValidationCase[]): FeatureCoverage {
  const every = [...new Set(['1.18', NEWEST].flatMap((minor) => fieldsOf(specOf(minor)).map(plain)))].filter(
    (field) => !NEVER_VALID.test(field),
  );
  const documents = cases.flatMap((one) => (one.mutations === undefined && one.leaf === undefined ? fieldsOfCase(one) : []));
  const coarse = [...new Set(every.map(coarser))].sort();
  return {
    fields: counted(documents.flat(), every),
    pairs: counted(
      documents.flatMap((fields) => pairsOf([...new Set(fields.map(coarser))].sort())),
      pairsOf(coarse),
    ),
  };
}

/** Listeners and DNS rules on ingress, which the agent rejects (B.3-24, B.2-13), and strings for which newer schemas have an empty list. */
const NEVER_VALID = /^ingress\.toPorts\.(listener|rules\.dns)|Requires$/;

function specOf(minor: string): ReturnType<typeof schemaOf> {
  return schemaOf('CiliumNetworkPolicy', minor).properties?.spec ?? {};
}

/** The fields of a Cilium policy, as one list for a document. */
function fieldsOfCase({ object }: ValidationCase): string[][] {
  const { kind, spec, specs } = object as { kind: string; spec?: unknown; specs?: unknown[] };
  if (!/^Cilium(Clusterwide)?NetworkPolicy$/.test(kind)) {
    return [];
  }
  const rules = [...(spec === undefined ? [] : [spec]), ...(specs ?? [])];
  const schemas = ['1.18', NEWEST].map(specOf);
  return [[...new Set(rules.flatMap((rule) => schemas.flatMap((schema) => fieldsIn(rule, schema).map(plain))))]];
}

/** Removes the marks of lists and maps. */
function plain(field: string): string {
  return field.replace(/\[\]|\{\}/g, '');
}

/** A selector is one feature, and so is an L7 rule, a secret or a cloud group. */
function coarser(field: string): string {
  return field
    .split('.')
    .filter((name) => !/^match(Labels|Expressions)$/.test(name))
    .slice(0, 4)
    .join('.')
    .replace(/(ports|fields|aws|Endpoints|Nodes|Requires|Selector|listener|TLS|dns|http|k8sService)\..*$/, '$1');
}

function pairsOf(fields: readonly string[]): string[] {
  return fields.flatMap((one, index) => fields.slice(index + 1).map((other) => `${one} + ${other}`));
}
