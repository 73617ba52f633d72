/** A diagnostic with its place as plain data, in the format of `check -o json`. */
import type { Diagnostic, Severity, Stage } from '../../model/diagnostic';
import { isPrivate } from '../../model/origin';
import { pointer } from '../../model/path';
import { shortened } from '../../net/shortened';
import { docsOf } from './report';

export interface DiagnosticView {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly stage: Stage;
  readonly message: string;
  readonly help: string | null;
  readonly resource: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string | null;
    readonly name: string;
  } | null;
  /** The path of the file as given, `-` for standard input, or null if there is no file. */
  readonly file: string | null;
  /** The index of the document in the file, from 0. */
  readonly document: number;
  /** A JSON pointer into the document, or into the item of a List. */
  readonly path: string;
  /** From 1; null if there is no source text. */
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
  readonly constructPath: string | null;
  /** The reason of the suppression; null if the finding is not suppressed. */
  readonly allowed: string | null;
  /** In a comparison, the minors that have this finding; null otherwise. */
  readonly cilium: readonly string[] | null;
  /** If several sets of manifests are checked, those that have this finding; null otherwise. */
  readonly sets: readonly string[] | null;
  readonly docs: string;
}

export function viewOf({ code, name, severity, stage, message, help, origin, place, allowed, cilium, sets }: Diagnostic): DiagnosticView {
  const { document, path: full } = origin;
  const [resource, path] = isPrivate(origin) ? [undefined, []] : [origin.resource, full];
  return {
    ...{ code, name, severity, stage, message, help: help ?? null },
    resource:
      resource === undefined
        ? null
        : {
            apiVersion: shortened(resource.apiVersion),
            kind: shortened(resource.kind),
            namespace: resource.namespace === undefined ? null : shortened(resource.namespace),
            name: shortened(resource.name),
          },
    file: document.source.text === undefined && document.source.problem === undefined ? null : document.source.name,
    document: document.index,
    path: shortened(pointer(path)),
    line: place?.line ?? null,
    column: place?.column ?? null,
    endLine: place?.endLine ?? null,
    endColumn: place?.endColumn ?? null,
    constructPath: resource?.constructPath ?? null,
    allowed: allowed ?? null,
    cilium: cilium ?? null,
    sets: sets ?? null,
    docs: docsOf(code),
  };
}
