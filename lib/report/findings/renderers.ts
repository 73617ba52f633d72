/** The renderers, by output format. */
import type { Renderer } from './report';

export type OutputFormat = 'text' | 'json' | 'sarif' | 'junit' | 'github' | 'markdown';

/** Each is loaded on demand, because a run needs only one. */
export const RENDERERS: Readonly<Record<OutputFormat, () => Renderer>> = {
  text: () => (require('./text') as typeof import('./text')).text,
  json: () => (require('./json') as typeof import('./json')).json,
  sarif: () => (require('./sarif') as typeof import('./sarif')).sarif,
  junit: () => (require('./junit') as typeof import('./junit')).junit,
  github: () => (require('./github') as typeof import('./github')).github,
  markdown: () => (require('./markdown') as typeof import('./markdown')).markdown,
};
