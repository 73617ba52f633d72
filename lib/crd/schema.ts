/** The schemas of Cilium's custom resources, by minor. */
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
    const { PARTS, RESOURCES } = generated(minor);
    const schemas = link(PARTS);
    resources = RESOURCES.map((resource) => ({ ...resource, schema: schemas[resource.schema] }));
    known.set(minor, resources);
  }
  return resources;
}

const known = new Map<Minor, readonly CustomResource[]>();

/** Loaded on demand, because a run needs one minor, rarely two. */
function generated(minor: Minor): { readonly RESOURCES: readonly CompactResource[]; readonly PARTS: readonly CompactSchema[] } {
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
  const linked: Schema[] = [];
  for (const { properties, values, items, ...keywords } of parts) {
    linked.push({
      ...keywords,
      ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, linked[part]])) }),
      ...(values !== undefined && { values: linked[values] }),
      ...(items !== undefined && { items: linked[items] }),
    });
  }
  return linked;
}
