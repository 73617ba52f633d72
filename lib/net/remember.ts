import { Parsed } from './parsed';

/**
 * The parser with a cache: policies repeat their keys, CIDRs and paths.
 *
 * Keeps up to 10,000 results for strings of up to 256 characters, then starts over, so that hostile input cannot use more memory.
 */
export function remember<T>(parse: (text: string) => Parsed<T>): (text: string) => Parsed<T> {
  const answers = new Map<string, Parsed<T>>();
  return (text) => {
    let answer = answers.get(text);
    if (answer === undefined) {
      answer = parse(text);
      if (answers.size >= MOST_ANSWERS) {
        answers.clear();
      }
      if (text.length <= LONGEST) {
        answers.set(text, answer);
      }
    }
    return answer;
  };
}

export const MOST_ANSWERS = 10_000;
const LONGEST = 256;
