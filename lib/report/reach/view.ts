/** What passes in a snapshot, as data that all formats of `reach` share. */
import { Protocol, PROTOCOLS } from '../../model/policy';
import type { Direction } from '../../model/policy';
import { groupedBy } from '../../net/grouped';
import { classesOf } from '../../reach/classes';
import { isUsed, Traffic, trafficOf } from '../../reach/traffic';
import type { Target, TargetPort } from '../../reach/universe/behind';
import type { PartialNamespace } from '../../reach/universe/possible-pods';
import type { UniverseEnd } from '../../reach/universe/universe';
import { endOf } from '../../resolve/ends';
import type { OpenedReach, Reach } from '../../snapshot/reach';
import { counted, someOf } from '../findings/words';
import { EndView, endView, ownersIn } from './ends';

/** Which connections are asked for. Ends are numbers of the universe. */
export interface ReachQuestion {
  readonly from?: number;
  /** Without it, every end. */
  readonly to?: readonly Target[];
  /** A namespace: connections from or to it. */
  readonly focus?: string;
}

export interface ReachView {
  readonly cilium: string;
  readonly ends: readonly EndView[];
  readonly connections: readonly ConnectionView[];
  /** The protocols that the agent does not drop. */
  readonly protocols: readonly Protocol[];
  /** What could not be read and may turn everything. */
  readonly missing: string | undefined;
  /** Where only some of the pods that could exist are among the ends, in words. */
  readonly partial: readonly string[];
  readonly exposure: Exposure;
}

/** What reviewers ask first. Ends are numbers. */
export interface Exposure {
  /** From addresses outside of the cluster to pods and nodes, and the reverse. */
  readonly fromWorld: readonly ConnectionView[];
  readonly toWorld: readonly ConnectionView[];
  /** From pods of namespaces that nobody names to pods that are listed or named. */
  readonly fromUnknownPods: readonly ConnectionView[];
  /** The listed pods that no policy selects, by direction. */
  readonly unprotected: { readonly ingress: readonly number[]; readonly egress: readonly number[] };
}

/** What passes from each of some ends to each of others. Ends are numbers in `ends`. */
export interface ConnectionView {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly traffic: Traffic;
}

export function reachView({ universe, all: [reach] }: OpenedReach, question: ReachQuestion = {}): ReachView {
  const { agent, inventory, unread } = reach.verdicts;
  const owners = ownersIn(inventory);
  const ends = universe.ends.map((end) => endView(end, owners));
  const { classes, between } = classesOf(ends.length, (from, to) => reach.traffic(from, to));
  const connections = classes.flatMap((from, i) =>
    classes.flatMap((to, k) => {
      const traffic = between(i, k);
      return traffic.passages.length === 0 ? [] : asked({ from, to, traffic }, ends, question);
    }),
  );
  return {
    cilium: agent.minor,
    ends,
    connections,
    protocols: PROTOCOLS.filter((one) => isUsed(one, agent)),
    missing: unread?.text,
    partial: partialTexts(universe.partial),
    exposure: exposureOf(connections, ends, reach, universe.ends),
  };
}

function exposureOf(
  connections: readonly ConnectionView[],
  ends: readonly EndView[],
  { verdicts }: Reach,
  written: readonly UniverseEnd[],
): Exposure {
  const isOutside = (one: number) => ends[one].is === 'addresses' || ends[one].is === 'name';
  const isInside = (one: number) => !isOutside(one) && ends[one].is !== 'entity';
  const isUnknown = (one: number) => ends[one].is === 'possible-pods' && ends[one].members.length === 0;
  const between = (isFrom: (one: number) => boolean, isTo: (one: number) => boolean) =>
    connections.flatMap(({ from, to, traffic }): ConnectionView[] => {
      const own = { from: from.filter(isFrom), to: to.filter(isTo), traffic };
      return own.from.length === 0 || own.to.length === 0 ? [] : [own];
    });
  const [{ resolver }] = verdicts.engines();
  const isUnselected = (one: number, direction: Direction) => {
    const { is, written: end } = written[one];
    const found = is === 'pods' ? endOf(end, resolver.cluster) : undefined;
    const view = found?.ok === true && found.value.is === 'pod' ? resolver.view(found.value.pod.node) : undefined;
    const local = found?.ok === true && view !== undefined ? resolver.endpoint(found.value, view) : undefined;
    const policy = local && resolver.policy(local, direction);
    return policy?.is === 'resolved' && policy.selecting.length === 0;
  };
  const unselected = (direction: Direction) => [...ends.keys()].filter((one) => isUnselected(one, direction));
  return {
    fromWorld: between(isOutside, isInside),
    toWorld: between(isInside, isOutside),
    fromUnknownPods: between(isUnknown, (one) => isInside(one) && !isUnknown(one)),
    unprotected: { ingress: unselected('ingress'), egress: unselected('egress') },
  };
}

/** The parts of a connection that are asked for. */
function asked({ from, to, traffic }: ConnectionView, ends: readonly EndView[], question: ReachQuestion): ConnectionView[] {
  const sources = question.from === undefined ? from : from.filter((one) => one === question.from);
  const parts = question.to === undefined ? [{ to, traffic }] : targeted(to, traffic, question.to);
  return sources.length === 0 ? [] : parts.flatMap((part) => focused({ from: sources, ...part }, ends, question));
}

/** What passes to the ends that are asked about, on the ports that are. */
function targeted(to: readonly number[], traffic: Traffic, targets: readonly Target[]): readonly Pick<ConnectionView, 'to' | 'traffic'>[] {
  const asked = [
    ...groupedBy(
      targets.filter(({ end }) => to.includes(end)),
      ({ end }) => end,
    ),
  ];
  const alike = groupedBy(asked, ([, same]) => JSON.stringify(same.map(({ port }) => port)));
  return [...alike.values()].flatMap((group) => {
    const [[, [...ports]]] = group;
    const part = narrowed(
      traffic,
      ports.map(({ port }) => port),
    );
    return part.passages.length === 0 ? [] : [{ to: group.map(([end]) => end), traffic: part }];
  });
}

function narrowed(traffic: Traffic, ports: readonly (TargetPort | undefined)[]): Traffic {
  if (ports.includes(undefined)) {
    return traffic;
  }
  const single = traffic.passages.flatMap((one) =>
    ports
      .filter((port) => one.protocol === port!.protocol && one.first <= port!.number && port!.number <= one.last)
      .map((port) => ({ ...one, first: port!.number, last: port!.number })),
  );
  return trafficOf(single);
}

/** The parts of a connection that come from a namespace or go to it. */
function focused(
  { from: sources, to: destinations, traffic }: ConnectionView,
  ends: readonly EndView[],
  { focus }: ReachQuestion,
): ConnectionView[] {
  if (focus === undefined) {
    return [{ from: sources, to: destinations, traffic }];
  }
  const isInside = (one: number) => isOf(ends[one], focus);
  const [inside, outside] = [sources.filter(isInside), sources.filter((one) => !isInside(one))];
  const own = destinations.filter(isInside);
  return [
    ...(inside.length === 0 ? [] : [{ from: inside, to: destinations, traffic }]),
    ...(outside.length === 0 || own.length === 0 ? [] : [{ from: outside, to: own, traffic }]),
  ];
}

/** Whether an end is of a namespace, or stands for pods that could be in it. */
function isOf({ is, namespace, members }: EndView, focus: string): boolean {
  return namespace === focus || (is === 'possible-pods' && members.includes(focus));
}

/** Where labels make too many kinds of pods, in one line for all namespaces. */
export function partialTexts(all: readonly PartialNamespace[]): readonly string[] {
  if (all.length === 0) {
    return [];
  }
  const names = all.map(({ namespace }) => namespace ?? 'namespaces that nobody names');
  const keys = [...new Set(all.flatMap((one) => one.keys))];
  return [
    `labels make too many kinds of pods in ${someOf(names, MOST_NAMES)}, so each selector is there with few labels only (${counted(keys.length, 'label')}: ${someOf(keys, MOST_NAMES)})`,
  ];
}

const MOST_NAMES = 6;
