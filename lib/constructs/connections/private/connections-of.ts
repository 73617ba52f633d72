/** All connections and workloads of an app. Policies are written from them at synthesis, so that the order of the program does not matter. */
import { IConstruct } from 'constructs';
import { EgressTraffic } from '../../traffic';
import type { ConnectionTarget, Connectable } from '../connectable';
import type { WorkloadSide } from './sides';

/** One statement of a program: who may connect to what. */
export interface Connection {
  readonly client: Connectable;
  readonly server: ConnectionTarget;
  readonly traffic: EgressTraffic;
  readonly because?: string;
}

/** The connections of the construct's app; more can be added. */
export function connectionsOf(construct: IConstruct): Connection[] {
  return listOf(connections, construct);
}

/** The workloads of the construct's app whose policies it writes; more can be added. */
export function workloadsOf(construct: IConstruct): WorkloadSide[] {
  return listOf(workloads, construct);
}

const connections = new WeakMap<IConstruct, Connection[]>();
const workloads = new WeakMap<IConstruct, WorkloadSide[]>();

function listOf<T>(lists: WeakMap<IConstruct, T[]>, { node: { root } }: IConstruct): T[] {
  const known = lists.get(root) ?? [];
  lists.set(root, known);
  return known;
}
