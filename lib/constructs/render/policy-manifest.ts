import { ApiObject, ApiObjectMetadata, JsonPatch, Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { parseKubernetesKey, parseLabelValue, parseNamespaceName, parseObjectName } from '../../net/label';
import { fail, must, mustBeText, shown } from '../../props/errors';
import { PolicySpec } from '../policy-spec';
import { conflictsAmong } from '../private/rule-conflicts';
import { addValidation } from '../private/validation';
import { mustStayAlone, TIERS_GROUP } from './output';

/** The kind and the metadata of an object. */
export interface ManifestHead {
  readonly kind: 'CiliumNetworkPolicy' | 'CiliumClusterwideNetworkPolicy' | 'CiliumCIDRGroup' | 'ClusterNetworkPolicy';
  readonly metadata?: ApiObjectMetadata;
}

/** What an object has besides its head, rendered at synthesis. */
export interface ManifestContent {
  readonly spec: () => object;
  readonly specs?: () => object[] | undefined;
}

/**
 * Creates the manifest of a policy. It is rendered at synthesis, so rules can be added until then.
 *
 * The first spec stays in `spec` when others are added, so that adding a spec changes nothing else.
 */
export function makePolicyObject(construct: Construct, head: ManifestHead, specs: readonly PolicySpec[]): ApiObject {
  const object = makeApiObject(construct, head, {
    spec: () => specs[0]._render(),
    specs: () => (specs.length > 1 ? specs.slice(1).map((spec) => spec._render()) : undefined),
  });
  addValidation(
    construct,
    () => problemsOf(specs, object.metadata.namespace),
    () => specs.reduce((sum, { _count }) => sum + 1 + _count, 0),
  );
  return object;
}

/** What is wrong with each spec, and with two specs for the same subject. */
function problemsOf(all: readonly PolicySpec[], inNamespace: string | undefined): string[] {
  const pairs = all.flatMap((one, index) => all.slice(index + 1).map((other) => [one, other] as const));
  const meeting = pairs.filter(([one, other]) => one._meets(other));
  const problems = [
    ...all.flatMap((spec) => spec._validate(inNamespace)),
    ...meeting.flatMap(([one, other]) => conflictsAmong([...one._statements, ...other._statements], inNamespace)),
  ];
  return [...new Set(problems)];
}

/** Creates the manifest as the child `Resource` of the construct. A clusterwide manifest does not get the namespace of the chart. */
export function makeApiObject(construct: Construct, head: ManifestHead, content: ManifestContent): ApiObject {
  const clusterwide = head.kind !== 'CiliumNetworkPolicy';
  const written = head.metadata?.namespace;
  if (clusterwide && written !== undefined) {
    fail(`a ${head.kind} has no namespace, but metadata sets ${shown(written)}`, 'leave the namespace out', construct);
  }
  const object = new ApiObject(construct, 'Resource', {
    apiVersion: head.kind === 'ClusterNetworkPolicy' ? `${TIERS_GROUP}/v1alpha2` : 'cilium.io/v2',
    kind: head.kind,
    metadata: head.metadata,
    spec: Lazy.any({
      produce: () => {
        mustStayValid(object, construct);
        return content.spec();
      },
    }) as unknown,
    specs: content.specs && (Lazy.any({ produce: content.specs }) as unknown),
  });
  if (clusterwide && object.metadata.namespace !== undefined) {
    object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
  must('name', object.name, parseObjectName, construct);
  if (!clusterwide && object.metadata.namespace !== undefined) {
    must('namespace', object.metadata.namespace, parseNamespaceName, construct);
  }
  mustBeLabels(object.chart.labels, construct);
  mustBeLabels(head.metadata?.labels ?? {}, construct);
  mustBeAnnotations(head.metadata?.annotations ?? {}, construct);
  mustStayAlone(object);
  return object;
}

/** Labels and annotations can be added to an object until it is rendered. */
function mustStayValid({ metadata }: ApiObject, at: IConstruct): void {
  const { labels = {}, annotations = {} } = (metadata.toJson() ?? {}) as Pick<ApiObjectMetadata, 'labels' | 'annotations'>;
  mustBeLabels(labels, at);
  mustBeAnnotations(annotations, at);
}

function mustBeLabels(labels: Readonly<Record<string, string>>, at?: IConstruct): void {
  for (const [key, value] of Object.entries(labels)) {
    must('label key', key, parseKubernetesKey, at);
    must(`value of label \`${key}\``, value, parseLabelValue, at);
  }
}

function mustBeAnnotations(annotations: Readonly<Record<string, string>>, at?: IConstruct): void {
  for (const [key, value] of Object.entries(annotations)) {
    // Kubernetes ignores the case of annotation keys, domains included.
    if (!parseKubernetesKey(key.toLowerCase()).ok) {
      fail(`annotation key \`${key}\` is not valid`, 'write `name` or `domain/name`', at);
    }
    mustBeText(`value of annotation \`${key}\``, value, at);
  }
}
