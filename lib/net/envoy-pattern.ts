/** Whether Envoy refuses a pattern of an HTTP rule, in the words of a finding and of a verdict. */
import { ENVOY_INSTRUCTIONS } from './envoy-instructions';

export interface PatternRefusal {
  /** RE2 cannot compile the pattern, or its program has, or may have, too many instructions. */
  readonly is: 'malformed' | 'too-large';
  /** What is wrong, as a sentence about the field and the pattern. */
  readonly problem: string;
}

/** Why Envoy refuses the pattern of a field, or may refuse it; `undefined` if it does not. An absent field is empty. */
export function refusalByEnvoy(field: string, pattern: string): PatternRefusal | undefined {
  if (PLAIN.test(pattern)) {
    return undefined;
  }
  // Loaded on demand: most policies have no such pattern.
  const { re2Size } = require('./re2-size') as typeof import('./re2-size');
  const answer = re2Size(pattern);
  const what = `${field} \`${pattern}\``;
  switch (answer.is) {
    case 'refused':
      return { is: 'malformed', problem: `Envoy cannot compile ${what}` };
    case 'may-exceed':
      return {
        is: 'too-large',
        problem: `${what} may compile to more than ${ENVOY_INSTRUCTIONS} instructions, the most that Envoy allows`,
      };
    case 'more':
      return { is: 'too-large', problem: `${what} compiles to more than ${answer.than} instructions, ${THE_MOST}` };
    case 'size':
      return answer.size > ENVOY_INSTRUCTIONS
        ? { is: 'too-large', problem: `${what} compiles to ${answer.size} instructions, ${THE_MOST}` }
        : undefined;
  }
}

/** Characters that have one instruction each, and `.*`: most patterns, which need not be compiled. */
const PLAIN = /^[-\w/~%@,=&:]{0,80}(?:\.\*)?$/;

const THE_MOST = `the most that Envoy allows is ${ENVOY_INSTRUCTIONS}`;
