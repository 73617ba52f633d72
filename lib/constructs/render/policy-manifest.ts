import { ApiObject, ApiObjectMetadata, JsonPatch, Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { parseKubernetesKey, parseLabelValue, parseNamespaceName, parseObjectName } from '../../net/label';
import { fail, must, mustBeText, shown } from '../../props/errors';
import { PolicySpec } from '../policy-spec';
import { mustStayAlone } from './output';

/** The kind and the metadata of an object. */
export interface ManifestHead {
  readonly kind: 'CiliumNetworkPolicy' | 'CiliumClusterwideNetworkPolicy' | 'CiliumCIDRGroup';
  readonly metadata?: ApiObjectMetadata;
}

/**
 * Creates the manifest of a policy. It is rendered at synthesis, so rules can be added until then.
 *
 * The first spec stays in `spec` when others are added, so that adding a spec changes nothing else.
 */
export function makePolicyObject(construct: Construct, head: ManifestHead, specs: () => readonly PolicySpec[]): ApiObject {
  // Rendered one after the other, of the same specs: making them can be expensive.
  let all: readonly PolicySpec[] = [];
  const object = makeApiObject(construct, head, {
    spec: Lazy.any({ produce: () => (all = specs())[0]._render() }) as unknown,
    specs: Lazy.any({ produce: () => further(all) }) as unknown,
  });
  construct.node.addValidation({ validate: () => specs().flatMap((spec) => spec._validate(object.metadata.namespace)) });
  return object;
}

function further(specs: readonly PolicySpec[]): object[] | undefined {
  return specs.length > 1 ? specs.slice(1).map((spec) => spec._render()) : undefined;
}

/** Creates the manifest as the child `Resource` of the construct. A clusterwide manifest does not get the namespace of the chart. */
export function makeApiObject(construct: Construct, head: ManifestHead, content: object): ApiObject {
  const clusterwide = head.kind !== 'CiliumNetworkPolicy';
  const written = head.metadata?.namespace;
  if (clusterwide && written !== undefined) {
    fail(`a ${head.kind} has no namespace, but metadata sets ${shown(written)}`, 'leave the namespace out', construct);
  }
  const object = new ApiObject(construct, 'Resource', {
    apiVersion: 'cilium.io/v2',
    kind: head.kind,
    metadata: head.metadata,
    ...content,
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
  construct.node.addValidation({ validate: () => lateProblems(object) });
  return object;
}

/** Labels and annotations can be added to an object until it is synthesized. */
function lateProblems(object: ApiObject): string[] {
  const { labels, annotations } = (object.metadata.toJson() ?? {}) as Pick<ApiObjectMetadata, 'labels' | 'annotations'>;
  try {
    mustBeLabels(labels ?? {});
    mustBeAnnotations(annotations ?? {});
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
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
