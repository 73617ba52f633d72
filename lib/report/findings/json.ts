import { safeJson } from '../../net/printable';
import type { Renderer } from './report';
import { viewOf } from './view';

/** One JSON object. The schema is docs/formats/check.schema.json. */
export const json: Renderer = ({ tool, cilium, settings, summary, diagnostics }) =>
  `${safeJson({ tool, cilium, settings, summary, diagnostics: diagnostics.map(viewOf) }, 2)}\n`;
