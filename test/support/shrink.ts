/** Makes a question smaller for as long as it still shows what is wrong with its answers. */

/** Any JSON. */
type Value = unknown;

type Path = readonly (string | number)[];

/**
 * Takes parts away, large ones first, and keeps each loss after which `shows` still holds: what is left has nothing that could be spared alone.
 *
 * `shows` is asked for several candidates at once, since those who answer are quicker that way; the first that holds is taken.
 */
export async function shrink<Question>(question: Question, shows: Shows<Question>): Promise<Question> {
  const smaller = await round(question, shows);
  // What one round could not spare may be spared after the rest of it.
  return smaller === question ? question : shrink(smaller, shows);
}

type Shows<Question> = (candidates: readonly Question[]) => Promise<readonly boolean[]>;

/** Tries to take each part away, once. */
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

/** The places of everything inside, outer parts before inner ones. */
function partsOf(value: Value, path: Path = []): Path[] {
  const inner: [string | number, Value][] = Array.isArray(value)
    ? value.map((item, i): [number, Value] => [i, item])
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];
  const own = inner.map(([key]) => [...path, key]);
  return [...own, ...inner.flatMap(([key, part]) => partsOf(part, [...path, key]))];
}

function without(value: Value, [key, ...rest]: Path): Value {
  if (Array.isArray(value)) {
    return rest.length === 0
      ? value.filter((_, i) => i !== key)
      : value.map((item, i) => (i === key ? without(item, rest) : (item as Value)));
  }
  const { [key]: part, ...others } = value as Record<string, Value>;
  return rest.length === 0 ? others : { ...(value as object), [key]: without(part, rest) };
}
