/** Subjects beside each other, and names beside names: the indexes find what comparing one by one finds. */
import fc from 'fast-check';
import { MINORS } from '../../lib/crd/minor';
import type { LabelSelector, Policy, Requirement } from '../../lib/model/policy';
import { mayMeet } from '../../lib/resolve/containment';
import { minimalPod } from '../../lib/resolve/minimal-pod';
import { NameSet } from '../../lib/resolve/name-set';
import { matchesName } from '../../lib/resolve/names';
import { Overlaps } from '../../lib/resolve/overlaps';
import { Subjects } from '../../lib/resolve/subjects';

const requirement = fc.record({
  source: fc.constantFrom('any', 'k8s'),
  key: fc.constantFrom('a', 'b', 'io.kubernetes.pod.namespace'),
  operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1, maxLength: 2 }),
}) as fc.Arbitrary<Requirement>;

const selector = fc.array(requirement, { maxLength: 3 }).map((requirements): LabelSelector => ({
  is: 'labels',
  key: JSON.stringify(requirements),
  requirements,
  ofEndpoints: true,
}));

function subjectsOf(selectors: readonly LabelSelector[]): Subjects {
  const policies = selectors.map((one, i) => ({
    ...{ kind: 'CiliumNetworkPolicy', namespace: '', name: `${i}`, resource: undefined },
    rules: [{ subject: { is: 'endpoints', selector: one }, peers: { is: 'any' }, requires: [], path: [] }],
  }));
  return new Subjects(policies as unknown as Policy[], { namespaces: new Map() });
}

test('the index of overlaps finds every subject that may meet another one', () => {
  fc.assert(
    fc.property(fc.array(selector, { minLength: 20, maxLength: 60 }), (selectors) => {
      const { all } = subjectsOf(selectors);
      const overlaps = new Overlaps(all);
      for (const one of all) {
        const expected = all.filter((other) => mayMeet(other.subject.selector, one.subject.selector));
        expect(new Set(overlaps.of(one))).toEqual(new Set(expected));
      }
    }),
    { numRuns: 60 },
  );
});

test('the rules around a subject select its smallest pod', () => {
  fc.assert(
    fc.property(fc.array(selector, { minLength: 2, maxLength: 12 }), (selectors) => {
      const subjects = subjectsOf(selectors);
      for (const one of subjects.all) {
        const pod = minimalPod(one);
        if (pod === undefined) {
          continue;
        }
        const labels: Record<string, string> = { ...pod.labels, 'io.kubernetes.pod.namespace': pod.namespace };
        const meets = ({ key, operator, values }: Requirement): boolean => {
          const has = Object.hasOwn(labels, key);
          return { In: has && values.includes(labels[key]), NotIn: !has || !values.includes(labels[key]), Exists: has, DoesNotExist: !has }[
            operator
          ];
        };
        const around = subjects.around(one).map(({ subject }) => subject.selector.requirements);
        expect(around.filter((requirements) => !requirements.every(meets))).toEqual([]);
      }
    }),
    { numRuns: 100 },
  );
});

const label = fc.constantFrom('a', 'b', 'ab', '*', 'a*', '*b', '**');
const pattern = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'));
/** Every name of up to three labels that the patterns tell apart. */
const NAMES = ['a', 'b', 'ab', 'x', 'ax', 'xb'].flatMap((one) => [
  one,
  ...['a', 'b', 'ab', 'x', 'ax'].flatMap((two) => [`${one}.${two}`, ...['a', 'b', 'ab', 'x'].map((three) => `${one}.${two}.${three}`)]),
]);

test.each(MINORS)('a set of names finds every pattern that has a name in common with another one, in %s', (minor) => {
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 12 }), pattern, (patterns, one) => {
      const found = new Set(new NameSet(patterns, minor).meeting(one));
      const common = patterns.filter((other) => NAMES.some((name) => matchesName(one, name, minor) && matchesName(other, name, minor)));
      expect(common.filter((other) => !found.has(other))).toEqual([]);
      const isShort = [one, ...patterns].every((text) => !text.includes('*'));
      if (isShort) {
        expect([...found].filter((other) => !common.includes(other))).toEqual([]);
      }
    }),
    { numRuns: 400 },
  );
});
