/**
 * The parser or claim about a text with a cache: policies repeat their keys, CIDRs and paths.
 *
 * Keeps up to 10,000 results for strings of up to 256 characters, then starts over, so that hostile input cannot use more memory.
 */
export function remember<T extends object | boolean>(parse: (text: string) => T): (text: string) => T {
  const answers = new Map<string, T>();
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
