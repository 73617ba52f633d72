/** The input of renderers. Renderers only format: they do not sort or filter by themselves. */
import type { Diagnostic } from '../../model/diagnostic';

export interface Report {
  readonly tool: { readonly name: string; readonly version: string };
  /** The minor, for example `1.20`, or the range of a comparison, for example `1.19..1.20`. */
  readonly cilium: string;
  /** The settings file that counts; null if there is none. */
  readonly settings: string | null;
  readonly summary: Summary;
  /** In the order of the output. Suppressed findings have their reasons. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Suppressed findings count only as `suppressed`, not by severity. */
export interface Summary {
  readonly files: number;
  readonly documents: number;
  readonly policies: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly suppressed: number;
  /** Documents that were not checked although they may hold policies. */
  readonly unchecked: number;
  /** Documents that mention a policy and are none by themselves: patches, templates of charts, lists; each with its place and the reason. */
  readonly notChecked: readonly string[];
  /** The folders that were passed over: hidden ones, `node_modules`, and links. */
  readonly skipped: readonly string[];
  /** The files and folders that a pattern excludes, each with the pattern. */
  readonly excluded: readonly string[];
  /** The codes of the checks that say nothing, because no object of a cluster is given. */
  readonly notAsked: readonly string[];
}

export interface RenderOptions {
  /** Whether the output is for a terminal that shows colours. */
  readonly color: boolean;
  /** Whether everything that was not checked is named, and not only the first ten. @default false */
  readonly isVerbose?: boolean;
}

/** Returns the text of a report, with a final line break. */
export type Renderer = (report: Report, options: RenderOptions) => string;

/** The URL of the page of a check. */
export function docsOf(code: string): string {
  return `https://github.com/cdk8s-cilium/cdk8s-cilium/blob/main/docs/checks/${code}.md`;
}
