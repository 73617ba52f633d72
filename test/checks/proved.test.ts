/** What checks say of verdicts holds: a rule that is reported to change nothing is taken away, and every verdict stays the same. */
import { MINORS } from '../../lib/crd/minor';
import { ChangeData, check, compare } from '../../lib/engine';
import type { Json, JsonObject, Path } from '../generate/json';
import { partAt, withoutPart, withPart } from '../generate/json';
import { WorldCase, worldCases } from '../generate/worlds';

/** What to do to an object at the place of a finding; `undefined` if the object cannot be changed there alone. */
type Change = (object: JsonObject, path: Path) => JsonObject | undefined;

const CHANGES: Readonly<Record<string, Change>> = {
  CIL410: openedRequests,
  CIL412: (object, path) => (isWholeRule(path) ? withPart(object, path, {}) : undefined),
  CIL413: (object, path) => (isRemovable(object, path) ? withoutPart(object, path) : undefined),
};

/** The same entry of `toPorts` with rules that limit nothing. A proxy still sees what is sent, so the entry cannot go as a whole. */
function openedRequests(object: JsonObject, path: Path): JsonObject | undefined {
  const { ports } = partAt(object, path.slice(0, -3)) as { readonly ports: readonly Json[] };
  const isHttp = path[path.length - 2] === 'http';
  return ports.length > 1 ? undefined : withPart(object, path.slice(0, -1), [isHttp ? {} : { matchPattern: '*' }]);
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

interface Tried {
  readonly code: string;
  readonly differences: number;
}

function tried(world: WorldCase, cilium: (typeof MINORS)[number]): readonly Tried[] {
  const objects = world.objects;
  const { config, names } = world;
  const sourcesOf = (list: readonly JsonObject[]) => list.map((one, i) => ({ name: `${i}.json`, text: JSON.stringify(one) }));
  const found = check(sourcesOf(objects), { cilium, config }).filter(({ code }) => code in CHANGES);
  return found.slice(0, 4).flatMap(({ code, file, path }): Tried[] => {
    const number = Number.parseInt(file!, 10);
    const steps = path
      .slice(1)
      .split('/')
      .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    const changed = CHANGES[code](objects[number], steps);
    if (changed === undefined) {
      return [];
    }
    const after = objects.map((one, i) => (i === number ? changed : one));
    const { changes } = compare(sourcesOf(objects), sourcesOf(after), { cilium, config, names, learn: false });
    return [{ code, differences: changes.filter(isKnown).length }];
  });
}

test.each(MINORS)('in generated worlds of Cilium %s, what is reported to change nothing changes nothing', (cilium) => {
  const all = worldCases(7100, 40).flatMap((world) => tried(world, cilium));
  expect(new Set(all.map(({ code }) => code))).toEqual(new Set(['CIL410', 'CIL412', 'CIL413']));
  expect(all.filter(({ differences }) => differences > 0)).toEqual([]);
});
