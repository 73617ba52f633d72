import type { Renderer } from './report';
import { viewOf } from './view';

/** One JSON object. The schema is docs/formats/check.schema.json. */
export const json: Renderer = ({ tool, cilium, summary, diagnostics }) =>
  `${JSON.stringify({ tool, cilium, summary, diagnostics: diagnostics.map(viewOf) }, undefined, 2)}\n`;
