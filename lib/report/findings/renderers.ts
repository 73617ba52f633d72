/** Every renderer, by the name of its format. */
import type { Renderer } from './report';

export type OutputFormat = 'text' | 'json' | 'sarif' | 'junit' | 'github' | 'markdown';

/** Each is loaded when it is asked for: a run needs one. */
export const RENDERERS: Readonly<Record<OutputFormat, () => Renderer>> = {
  text: () => (require('./text') as typeof import('./text')).text,
  json: () => (require('./json') as typeof import('./json')).json,
  sarif: () => (require('./sarif') as typeof import('./sarif')).sarif,
  junit: () => (require('./junit') as typeof import('./junit')).junit,
  github: () => (require('./github') as typeof import('./github')).github,
  markdown: () => (require('./markdown') as typeof import('./markdown')).markdown,
};
