/** The manifests below a construct. cdk8s is not loaded: what is an ApiObject is told by its shape. */
import type { IConstruct } from 'constructs';
import { isObject } from '../model/json';
import type { GivenObject } from '../read/read';

/** The part of cdk8s' ApiObject that is needed. */
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
 * Every manifest at a construct and below.
 *
 * Charts know only the manifests directly below them, and rendering a chart validates it, which would not end in a validation; so each manifest is
 * asked for itself.
 */
export function manifestsBelow(scope: IConstruct): readonly GivenObject[] {
  return apiObjectsBelow(scope).flatMap((apiObject) => {
    const value = JSON.parse(JSON.stringify(apiObject.toJson() ?? null)) as unknown;
    return isObject(value) ? [{ value: value, constructPath: pathOf(apiObject) }] : [];
  });
}

export function apiObjectsBelow(scope: IConstruct): readonly ApiObjectLike[] {
  return scope.node.findAll().filter(isApiObject);
}

function isApiObject(construct: IConstruct): construct is ApiObjectLike {
  const { apiVersion, kind, metadata, toJson } = construct as Partial<ApiObjectLike>;
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata === 'object' && typeof toJson === 'function';
}

/** The construct that a person wrote: a policy's manifest is its child `Resource`. */
function pathOf({ node }: IConstruct): string {
  return node.path.replace(/\/(?:Resource|Default)$/, '');
}
