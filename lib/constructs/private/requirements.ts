/** What the requirements of one selector say together. */
import { groupedBy } from '../../net/grouped';
import { LabelSelector, Requirement } from './manifest';

/** The key of a label whose requirements no object can meet, if there is one. */
export function contradiction(
  matchLabels: Readonly<Record<string, string>> = {},
  matchExpressions: readonly Requirement[] = [],
): string | undefined {
  const wanted = groupedBy(requirementsOf({ matchLabels, matchExpressions }), ({ key }) => withoutSource(key));
  return [...wanted].find(([, some]) => some.length > 1 && !canHold(some))?.[0];
}

/** Whether a label can meet all of its requirements. */
function canHold(requirements: readonly Requirement[]): boolean {
  if (requirements.every(isNegative)) {
    return true;
  }
  const values = requirements.filter(({ operator }) => operator === 'In').map((one) => one.values ?? []);
  const excluded = requirements.filter(({ operator }) => operator === 'NotIn').flatMap((one) => one.values ?? []);
  const isAbsent = requirements.some(({ operator }) => operator === 'DoesNotExist');
  const common = values.length === 0 ? undefined : values.reduce((some, more) => some.filter((value) => more.includes(value)));
  return !isAbsent && (common === undefined || common.some((value) => !excluded.includes(value)));
}

/** Whether the requirement holds if the label is absent. */
export function isNegative({ operator }: Requirement): boolean {
  return operator === 'NotIn' || operator === 'DoesNotExist';
}

/** The labels and expressions of a selector as one list. */
export function requirementsOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): readonly Requirement[] {
  return [
    ...Object.entries(matchLabels).map(([key, value]): Requirement => ({ key, operator: 'In', values: [value] })),
    ...matchExpressions,
  ];
}

/** Whether everything that meets `narrow` meets `wide`: each requirement of `wide` follows from those of `narrow` on the same label. */
export function implies(narrow: readonly Requirement[], wide: readonly Requirement[]): boolean {
  return wide.every((one) => {
    const key = withoutSource(one.key);
    const given = narrow.filter((other) => withoutSource(other.key) === key);
    return given.some((other) => follows(other, one)) || (one.operator === 'NotIn' && excludes(given, one.values ?? []));
  });
}

/** Several exclusions of one label add up. */
function excludes(given: readonly Requirement[], values: readonly string[]): boolean {
  const excluded = given.flatMap((one) => (one.operator === 'NotIn' ? (one.values ?? []) : []));
  return values.every((value) => excluded.includes(value));
}

function follows(from: Requirement, to: Requirement): boolean {
  const [given, wanted] = [from.values ?? [], to.values ?? []];
  switch (to.operator) {
    case 'Exists':
      return !isNegative(from);
    case 'DoesNotExist':
      return from.operator === 'DoesNotExist';
    case 'In':
      return from.operator === 'In' && given.every((value) => wanted.includes(value));
    case 'NotIn':
      return from.operator === 'DoesNotExist' || (from.operator === 'In' && !given.some((value) => wanted.includes(value)));
  }
}

/** Labels of pods and nodes have the source `k8s`, and `any` matches every source. */
export function withoutSource(key: string): string {
  return /^(k8s|any):/.test(key) ? key.slice(4) : key;
}
