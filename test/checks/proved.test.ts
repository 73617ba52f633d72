/** What checks say of verdicts holds: a rule that is reported to change nothing is taken away, and every verdict stays the same. */
import { MINORS } from '../../lib/crd/minor';
import { ChangeData, check, compare } from '../../lib/engine';
import type { Json, JsonObject, Path } from '../generate/json';
import { partAt, withoutPart, withPart } from '../generate/json';
import { WorldCase, worldCases } from '../generate/worlds';

/** What to do to an object at the place of a finding; `gone` for taking it away, and `undefined` if it cannot be changed there alone. */
type Change = (object: JsonObject, path: Path, message: string) => JsonObject | 'gone' | undefined;

const CHANGES: Readonly<Record<string, Change>> = {
  CIL308: withoutSelector,
  CIL310: withoutSelector,
  CIL317: (object, path) => (object.kind !== 'NetworkPolicy' && isRemovable(object, path) ? withoutPart(object, path) : undefined),
  CIL328: (object, path) => (isRemovable(object, path) ? withoutPart(object, path) : undefined),
  CIL410: openedRequests,
  CIL412: (object, path) => (isWholeRule(path) ? withPart(object, path, {}) : undefined),
  CIL414: withoutHole,
  CIL413: (object, path) => (isRemovable(object, path) ? withoutPart(object, path) : undefined),
};

/** The same entry of `toPorts` with rules that limit nothing. A proxy still sees what is sent, so the entry cannot go as a whole. */
function openedRequests(object: JsonObject, path: Path): JsonObject | undefined {
  const { ports } = partAt(object, path.slice(0, -3)) as { readonly ports: readonly Json[] };
  const isHttp = path[path.length - 2] === 'http';
  return ports.length > 1 ? undefined : withPart(object, path.slice(0, -1), [isHttp ? {} : { matchPattern: '*' }]);
}

/** A selector that selects nobody: a subject with its policy, a peer with its item of the list. Another namespace of a subject is not looked at. */
function withoutSelector(object: JsonObject, path: Path, message: string): ReturnType<Change> {
  if (message.includes('it selects pods of')) {
    return withoutPart(object, path);
  }
  const peer = path.findIndex((step) => step === 'fromEndpoints' || step === 'toEndpoints');
  if (peer < 0) {
    return path[0] === 'spec' && ['endpointSelector', 'podSelector'].includes(String(path[1])) ? 'gone' : undefined;
  }
  const item = path.slice(0, peer + 2);
  return isRemovable(object, item) ? withoutPart(object, item) : undefined;
}

/** The exception that is reported to close nothing. */
function withoutHole(object: JsonObject, path: Path, message: string): JsonObject {
  const [, hole] = /`([^`]*)`, so the exception/.exec(message)!;
  const holes = partAt(object, path) as readonly string[];
  return withPart(
    object,
    path,
    holes.filter((one) => one !== hole),
  );
}

/** A peer of a NetworkPolicy is a rule of its own, and without its last peer a rule is for everybody. */
function isWholeRule(path: Path): boolean {
  return typeof path[path.length - 1] === 'number' && ['ingress', 'egress'].includes(String(path[path.length - 2]));
}

function isRemovable(object: JsonObject, path: Path): boolean {
  const list = partAt(object, path.slice(0, -1)) as readonly Json[];
  return list.length > 1;
}

/** Where only the specification judges, what a proxy asks is told by the words of the rules, which differ. */
function isKnown({ is, traffic }: ChangeData): boolean {
  const isVague = traffic.some(({ before, after }) => [before, after].some((passage) => passage?.proxies.some(({ more }) => more)));
  return is !== 'rewritten' || !isVague;
}

/** A few findings of each check. */
function firstOfEach(found: ReturnType<typeof check>): ReturnType<typeof check> {
  const counts = new Map<string, number>();
  return found.filter(({ code }) => {
    counts.set(code, (counts.get(code) ?? 0) + 1);
    return counts.get(code)! <= 2;
  });
}

interface Tried {
  readonly code: string;
  readonly differences: number;
}

function tried(world: WorldCase, cilium: (typeof MINORS)[number]): readonly Tried[] {
  const objects = world.objects;
  const { config, names } = world;
  const sourcesOf = (list: readonly JsonObject[]) => list.map((one, i) => ({ name: `${i}.json`, text: JSON.stringify(one) }));
  const found = check(sourcesOf(objects), { cilium, config }).filter(({ code }) => code in CHANGES);
  return firstOfEach(found).flatMap(({ code, file, path, message }): Tried[] => {
    const number = Number.parseInt(file!, 10);
    const steps = path
      .slice(1)
      .split('/')
      .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    const changed = CHANGES[code](objects[number], steps, message);
    if (changed === undefined) {
      return [];
    }
    const after = objects.flatMap((one, i) => (i !== number ? [one] : changed === 'gone' ? [] : [changed]));
    const { changes } = compare(sourcesOf(objects), sourcesOf(after), { cilium, config, names, learn: false });
    return [{ code, differences: changes.filter(isKnown).length }];
  });
}

test.each(MINORS)('in generated worlds of Cilium %s, what is reported to change nothing changes nothing', (cilium) => {
  const all = worldCases(7100, 40).flatMap((world) => tried(world, cilium));
  expect(new Set(all.map(({ code }) => code))).toEqual(new Set(Object.keys(CHANGES)));
  expect(all.filter(({ differences }) => differences > 0)).toEqual([]);
});
