/** What a renderer is given, and what it makes of it. Renderers sort nothing and decide nothing. */
import type { Diagnostic } from '../../model/diagnostic';

export interface Report {
  readonly tool: { readonly name: string; readonly version: string };
  /** The minor, such as `1.20`, or two of them, such as `1.19..1.20`. */
  readonly cilium: string;
  readonly summary: Summary;
  /** In the order in which they are told; those that are allowed have their reasons. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Findings that are allowed count as `suppressed` only. */
export interface Summary {
  readonly files: number;
  readonly documents: number;
  readonly policies: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly suppressed: number;
  /** Documents that were not checked, though they may hold policies. */
  readonly unchecked: number;
}

export interface RenderOptions {
  /** Whether the output is for a terminal that shows colours. */
  readonly color: boolean;
}

/** The text of a report, with a line break at its end. */
export type Renderer = (report: Report, options: RenderOptions) => string;

/** Where the page of a check is. */
export function docsOf(code: string): string {
  return `https://github.com/cdk8s-cilium/cdk8s-cilium/blob/main/docs/checks/${code}.md`;
}
