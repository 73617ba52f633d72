/** What the manifests of an app do to each other when they are written. */
import { ApiObject, App, YamlOutputType } from 'cdk8s';
import { IConstruct } from 'constructs';
import { groupedBy } from '../../net/grouped';
import { addValidation } from '../private/validation';

/**
 * Fails the synthesis of the app if two of its policies have the same kind, namespace and name, or are written to the same file. The last one
 * would silently replace the others.
 */
export function mustStayAlone({ node: { root } }: ApiObject): void {
  const known = counts.get(root);
  counts.set(root, (known ?? 0) + 1);
  if (known === undefined) {
    // Names do not change, so an app without new policies has the same problems.
    addValidation(
      root,
      () => problemsOf(root),
      () => counts.get(root) ?? 0,
    );
  }
}

/** How many policies of this library each app has. */
const counts = new WeakMap<IConstruct, number>();

function problemsOf(root: IConstruct): string[] {
  // Classes of `cdk8s import` make policies too.
  const policies = root.node.findAll().filter((one): one is ApiObject => ApiObject.isApiObject(one) && isPolicy(one));
  return [...sameObjects(policies), ...sameFiles(root, policies)];
}

/** Others have a ClusterNetworkPolicy too, in groups of their own. */
function isPolicy({ kind, apiGroup }: ApiObject): boolean {
  return POLICIES.test(kind) || (kind === 'ClusterNetworkPolicy' && apiGroup === TIERS_GROUP);
}

const POLICIES = /^(Cilium\w*)?NetworkPolicy$|^CiliumCIDRGroup$/;

/** The API group of ClusterNetworkPolicy. */
export const TIERS_GROUP = 'policy.networking.k8s.io';

function sameObjects(all: readonly ApiObject[]): string[] {
  return several(
    all,
    (object) => `${object.kind} ${[namespaceOf(object), object.name].filter((part) => part !== undefined).join('/')}`,
  ).map(([key, some]) => `${key} is created by ${paths(some)}; give each its own metadata.name, or each cluster its own app`);
}

/** With one file for each resource, cdk8s names the file after the kind and the name, but not after the namespace. */
function sameFiles(root: IConstruct, all: readonly ApiObject[]): string[] {
  const output = (root as Partial<App>).yamlOutputType;
  if (output !== YamlOutputType.FILE_PER_RESOURCE && output !== YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE) {
    return [];
  }
  const inFolder = output === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE;
  const fileOf = ({ kind, name, chart }: ApiObject) => `${inFolder ? `${chart.node.path}/` : ''}${kind}.${name}`;
  return several(all, fileOf)
    .filter(([, some]) => new Set(some.map(namespaceOf)).size > 1)
    .map(
      ([file, some]) =>
        `${paths(some)} would overwrite each other's file ${file}; give each its own metadata.name, or ${
          inFolder ? 'put them into charts of their own' : 'choose YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE'
        }`,
    );
}

/** A clusterwide object has the namespace of its chart only until it is rendered. */
function namespaceOf({ kind, metadata }: ApiObject): string | undefined {
  return CLUSTERWIDE.includes(kind) ? undefined : metadata.namespace;
}

const CLUSTERWIDE = ['CiliumClusterwideNetworkPolicy', 'CiliumCIDRGroup', 'ClusterNetworkPolicy'];

function several(all: readonly ApiObject[], keyOf: (object: ApiObject) => string): [string, ApiObject[]][] {
  return [...groupedBy(all, keyOf)].filter(([, some]) => some.length > 1);
}

function paths(some: readonly ApiObject[]): string {
  return some.map(({ node }) => (node.scope ?? node.root).node.path).join(' and ');
}
