import type { Document, Origin, Resource } from '../model/origin';

/** A problem found while reading. */
export type ReadProblem =
  | { readonly is: 'syntax'; readonly message: string; readonly origin: Origin }
  | { readonly is: 'duplicate-key'; readonly message: string; readonly origin: Origin }
  | { readonly is: 'merge-order' | 'merge-twice'; readonly message: string; readonly origin: Origin }
  | { readonly is: 'ignored-text'; readonly message: string; readonly origin: Origin }
  | { readonly is: 'limit'; readonly message: string; readonly origin: Origin }
  /** An object with `items` is not the list that it seems to be. */
  | { readonly is: 'list'; readonly message: string; readonly origin: Origin }
  /** The document is a template that must be rendered first. Nothing in it was checked. */
  | { readonly is: 'template'; readonly sample: string; readonly origin: Origin }
  /** The policy has placeholders. The rest of it was checked. */
  | { readonly is: 'placeholders'; readonly samples: readonly string[]; readonly origin: Origin }
  | { readonly is: 'unknown-kind'; readonly kind: string; readonly guess?: string; readonly origin: Origin }
  | { readonly is: 'wrong-api-version'; readonly resource: Resource; readonly known: readonly string[]; readonly origin: Origin }
  | { readonly is: 'duplicate-policy'; readonly resource: Resource; readonly first: Resource; readonly origin: Origin }
  /** The construct that made the object warns of it. */
  | { readonly is: 'program'; readonly message: string; readonly help: string; readonly origin: Origin }
  | { readonly is: 'unreadable'; readonly message: string; readonly origin: Origin };

export type ProblemKind = ReadProblem['is'];

/** Something that may be meant as a policy and is not judged. It is no mistake, but a report must name it. */
export interface PassedOver {
  /**
   * `list`: a list of which only some items are manifests. `embedded`: a policy inside another object. `patch`: a file that a kustomization names as
   * a patch. `chart`: a template of a Helm chart.
   */
  readonly is: 'list' | 'embedded' | 'patch' | 'chart';
  readonly origin: Origin;
}

/** The origin of a problem with a whole document. */
export function wholeDocument(document: Document): Origin {
  return { document, path: [] };
}
