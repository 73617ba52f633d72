/** Collects the manifests below a construct. It recognizes an ApiObject by its members, so it does not load cdk8s. */
import type { IConstruct, Node } from 'constructs';
import { isObject } from '../model/json';
import { WARNING } from '../props/marks';
import type { GivenObject, GivenWarning } from '../read/read';

/** The members of cdk8s' ApiObject that are used here. */
export interface ApiObjectLike extends IConstruct {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    toJson(): unknown;
    addAnnotation(key: string, value: string): void;
  };
  toJson(): unknown;
}

/**
 * The manifests of a construct and its descendants.
 *
 * Each object is rendered on its own. Rendering a chart would include only the objects directly below it, and would run its validations, which
 * never ends inside a validation.
 */
export function manifestsBelow(scope: IConstruct): readonly GivenObject[] {
  return apiObjectsBelow(scope).flatMap((apiObject) => {
    const value = JSON.parse(JSON.stringify(apiObject.toJson() ?? null)) as unknown;
    return isObject(value) ? [{ value, constructPath: pathOf(apiObject), ...warningsOf(apiObject) }] : [];
  });
}

export function apiObjectsBelow(scope: IConstruct): readonly ApiObjectLike[] {
  return scope.node.findAll().filter(isApiObject);
}

function isApiObject(construct: IConstruct): construct is ApiObjectLike {
  const { apiVersion, kind, metadata, toJson } = construct as Partial<ApiObjectLike>;
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata === 'object' && typeof toJson === 'function';
}

/** What the construct says of itself, and what its scope does, whose manifest it is. */
function warningsOf({ node }: IConstruct): { readonly warnings?: readonly GivenWarning[] } {
  const nodes = node.id === 'Resource' && node.scope !== undefined ? [node, node.scope.node] : [node];
  const warnings = nodes.flatMap(({ metadata = [] }: Partial<Node>) =>
    metadata.flatMap(({ type, data }) => (type === WARNING ? [data as GivenWarning] : [])),
  );
  return warnings.length === 0 ? {} : { warnings };
}

/** The path of the construct in the user's program. The manifest of a policy construct is its child `Resource`. */
function pathOf({ node }: IConstruct): string {
  return node.path.replace(/\/(?:Resource|Default)$/, '');
}
