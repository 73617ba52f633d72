/** Shrinks a question as long as it still shows the disagreement. */

/** Any JSON value. */
type Value = unknown;

type Path = readonly (string | number)[];

/**
 * Removes parts, large ones first, and keeps each removal after which `shows` still holds. In the result, no single part can be removed.
 *
 * `shows` is called with several candidates at once, which is faster. The first candidate that holds is used.
 */
export async function shrink<Question>(question: Question, shows: Shows<Question>): Promise<Question> {
  const smaller = await round(question, shows);
  // A part that cannot be removed in one round may be removable after other parts are gone.
  return smaller === question ? question : shrink(smaller, shows);
}

type Shows<Question> = (candidates: readonly Question[]) => Promise<readonly boolean[]>;

/** Tries to remove each part once. */
async function round<Question>(question: Question, shows: Shows<Question>): Promise<Question> {
  let smallest = question;
  for (let from = 0, parts = partsOf(question); from < parts.length; parts = partsOf(smallest)) {
    const candidates = parts.slice(from, from + AT_ONCE).map((part) => without(smallest, part) as Question);
    const found = (await shows(candidates)).indexOf(true);
    from += found < 0 ? candidates.length : found;
    smallest = candidates[found] ?? smallest;
  }
  return smallest;
}

const AT_ONCE = 64;

/** The paths of all parts, outer parts before inner ones. The parts of a text are its lines. */
function partsOf(value: Value, path: Path = []): Path[] {
  if (typeof value === 'string') {
    const lines = linesOf(value);
    return lines.length > 1 ? lines.map((_, i) => [...path, i]) : [];
  }
  const inner: [string | number, Value][] = Array.isArray(value)
    ? value.map((item, i): [number, Value] => [i, item])
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];
  const own = inner.map(([key]) => [...path, key]);
  return [...own, ...inner.flatMap(([key, part]) => partsOf(part, [...path, key]))];
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

function without(value: Value, [key, ...rest]: Path): Value {
  if (typeof value === 'string') {
    return linesOf(value)
      .filter((_, i) => i !== key)
      .join('');
  }
  if (Array.isArray(value)) {
    return rest.length === 0
      ? value.filter((_, i) => i !== key)
      : value.map((item, i) => (i === key ? without(item, rest) : (item as Value)));
  }
  const { [key]: part, ...others } = value as Record<string, Value>;
  return rest.length === 0 ? others : { ...(value as object), [key]: without(part, rest) };
}
