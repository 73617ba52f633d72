/**
 * Names of properties and methods, as the language of the program writes them.
 *
 * Python, Java and Go programs call this code through the jsii runtime, which tells their language in `JSII_AGENT`: `Python/3.12.3`, `Java/21`,
 * `go1.22/linux/amd64`. Source: aws/jsii, `python-runtime/src/jsii/_kernel/providers/process.py` and `go-runtime/jsii-runtime-go/internal/kernel`.
 */

/** A message with its names in the language of the program. Texts in backticks are those of the user, and stay as they are. */
export function inLanguage(message: string): string {
  const write = WRITERS.find(([agent]) => agent.test(process.env.JSII_AGENT ?? ''))?.[1];
  return write === undefined
    ? message
    : message
        .split('`')
        .map((part, i) => (i % 2 === 0 ? write(part) : part))
        .join('`');
}

/** Java writes names as TypeScript does. */
const WRITERS: readonly (readonly [RegExp, (text: string) => string])[] = [
  [/^python/i, inPython],
  [/^go\d/, inGo],
];

/** A name of several words: `endpointSelector`. */
const NAME = /\b[a-z][a-z0-9]*[A-Z][A-Za-z0-9]*\b/g;

function inPython(text: string): string {
  return text.replace(NAME, (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase());
}

/** `Port.allTcp()` is `Port_AllTcp()`, and properties begin with a capital letter. */
function inGo(text: string): string {
  return text
    .replace(/\b([A-Z][A-Za-z]+)\.([A-Za-z])/g, (_, type: string, first: string) => `${type}_${first.toUpperCase()}`)
    .replace(NAME, (name) => name.charAt(0).toUpperCase() + name.slice(1));
}
