/** Says that a selector finds no pod of the inventory, and what was most likely meant. */
import type { Wording } from '../../admission/check';
import { renameKey, writeValue } from '../../admission/fix';
import type { Resource } from '../../model/origin';
import { Path, pathTo } from '../../model/path';
import type { LabelSelector, Requirement } from '../../model/policy';
import { isPlaced } from '../../read/placeholders';
import { asksForPods } from './asked';
import { KnownCluster, KnownPod } from './known-cluster';
import { allButOne, nearMissOf } from './near-miss';
import { nearestText } from './typos';
import { isVagueAt, labelPath } from './written-at';

export interface Nobody {
  readonly path: Path;
  readonly wording: Wording;
}

/** The finding that a selector selects nobody; `undefined` if it selects a pod, or if the inventory may just not have it. */
export function nobodyFor(selector: LabelSelector, resource: Resource, cluster: KnownCluster, message: string): Nobody | undefined {
  const { at } = selector;
  if (at === undefined || !asksForPods(selector, cluster.agent) || !cluster.covers(selector) || isVagueAt(resource, ...pathTo(at))) {
    return undefined;
  }
  if (!isEmpty(cluster.podsOf(selector)) || !isEmpty(cluster.hostPodsOf(selector))) {
    return undefined;
  }
  const mayGuess = cluster.mayGuess();
  const miss = mayGuess ? nearMissOf(selector, cluster) : undefined;
  if (miss !== undefined) {
    const { requirement, is, text, value, pod } = miss;
    const path = labelPath(resource, at, requirement);
    const isLabel = path.at(-2) === 'matchLabels';
    const fix = !isLabel ? undefined : is === 'key' ? renameKey(text, 'unsafe') : writeValue(text, 'unsafe');
    const help = `did you mean ${labelText(is === 'key' ? text : requirement.key, value)}, as ${nameOf(pod)} has?`;
    const severity = !isPlaced(resource) ? ({ severity: 'info' } as const) : {};
    return { path, wording: { message, help, ...severity, ...(fix && { fix }), ...(isLabel && is === 'key' && { onKey: true }) } };
  }
  const more = mayGuess ? helpOf(selector, cluster) : {};
  return cluster.isComplete(selector) && isPlaced(resource)
    ? { path: pathTo(at), wording: { message, severity: 'info', ...more } }
    : undefined;
}

export function isEmpty(all: Generator<unknown>): boolean {
  return all.next().done === true;
}

function helpOf(selector: LabelSelector, cluster: KnownCluster): Pick<Wording, 'help'> {
  const nearest = allButOne(selector, cluster);
  if (nearest !== undefined) {
    const { requirement, pod } = nearest;
    return { help: `${nameOf(pod)} fits all but ${requirementText(requirement)}` };
  }
  const [first] = selector.requirements.filter(
    ({ operator, key, values }) => operator === 'In' && values.length > 0 && !key.startsWith('io.'),
  );
  const guess = first && nearestText(first.values[0], cluster.valuesOf(first.key, selector));
  return guess === undefined ? {} : { help: `the nearest label of the given pods is ${labelText(first.key, guess)}` };
}

function requirementText({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'In':
      return values.length === 1 ? labelText(key, values[0]) : `\`${key} in (${values.join(', ')})\``;
    case 'NotIn':
      return `\`${key} notin (${values.join(', ')})\``;
    case 'Exists':
      return `the label \`${key}\``;
    case 'DoesNotExist':
      return `\`!${key}\``;
  }
}

function labelText(key: string, value: string): string {
  return `\`${key}: ${value === '' ? '""' : value}\``;
}

export function nameOf({ name, pod }: KnownPod): string {
  return `${pod.isTemplate === true ? 'workload' : 'pod'} \`${name}\``;
}
