import { Parsed } from './parsed';

/**
 * The parser, with what it answered before: policies repeat their keys, blocks and paths.
 *
 * Keeps up to 10,000 answers to texts of up to 256 characters, then begins anew, so that hostile input costs no more memory than that.
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

const MOST_ANSWERS = 10_000;
const LONGEST = 256;
