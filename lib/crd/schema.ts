/** The schemas of Cilium's custom resources, by minor, and that of Kubernetes' ClusterNetworkPolicy. */
import type { CompactResource, CompactSchema, Keywords } from './compact';
import type { Minor } from './minor';

export interface Schema extends Keywords {
  readonly properties?: Readonly<Record<string, Schema>>;
  /** The schema of the values of a map. */
  readonly values?: Schema;
  readonly items?: Schema;
}

/** A version of a custom resource, with its schema. */
export interface CustomResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly schema: Schema;
}

/** The resources of a minor, one for each version of each CRD. */
export function resourcesOf(minor: Minor): readonly CustomResource[] {
  let resources = known.get(minor);
  if (resources === undefined) {
    resources = linked(generated(minor));
    known.set(minor, resources);
  }
  return resources;
}

const known = new Map<Minor, readonly CustomResource[]>();

/**
 * ClusterNetworkPolicy, with the fields of the experimental channel. It is the same for every minor, because its CRD is not Cilium's, and whoever
 * installs it chooses the version.
 */
export function clusterNetworkPolicy(): CustomResource {
  const [resource] = (ofTiers ??= linked(require('./cluster-network-policy') as typeof import('./cluster-network-policy')));
  return resource;
}

let ofTiers: readonly CustomResource[] | undefined;

interface Generated {
  readonly RESOURCES: readonly CompactResource[];
  readonly PARTS: readonly CompactSchema[];
}

function linked({ PARTS, RESOURCES }: Generated): readonly CustomResource[] {
  const schemas = link(PARTS);
  return RESOURCES.map((resource) => ({ ...resource, schema: schemas[resource.schema] }));
}

/** Loaded on demand, because a run needs one minor, rarely two. */
function generated(minor: Minor): Generated {
  switch (minor) {
    case '1.18':
      return require('./v1.18') as typeof import('./v1.18');
    case '1.19':
      return require('./v1.19') as typeof import('./v1.19');
    case '1.20':
      return require('./v1.20') as typeof import('./v1.20');
  }
}

/** Replaces the numbers in parts with the parts themselves. A part comes before the parts that contain it. */
function link(parts: readonly CompactSchema[]): readonly Schema[] {
  const schemas: Schema[] = [];
  for (const { properties, values, items, ...keywords } of parts) {
    schemas.push({
      ...keywords,
      ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, schemas[part]])) }),
      ...(values !== undefined && { values: schemas[values] }),
      ...(items !== undefined && { items: schemas[items] }),
    });
  }
  return schemas;
}
