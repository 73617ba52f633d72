/** All connections and workloads of an app. Policies are written from them at synthesis, so that the order of the program does not matter. */
import { IConstruct } from 'constructs';
import { EgressTraffic } from '../../traffic';
import type { ConnectionTarget, Connectable } from '../connectable';
import { Workloads } from '../workloads';
import type { WorkloadSide } from './sides';

/** One statement of a program: who may connect to what. */
export interface Connection {
  readonly client: Connectable;
  readonly server: ConnectionTarget;
  readonly traffic: EgressTraffic;
  readonly because?: string;
}

/** The connections of the construct's app, in the order of the program. */
export function connectionsOf(construct: IConstruct): readonly Connection[] {
  return appOf(construct).all;
}

/** Those of a workload, and those with all pods of some labels, which it may have. */
export function connectionsAbout(construct: IConstruct, side: ConnectionTarget): readonly Connection[] {
  const { bySide, ofGroups } = appOf(construct);
  return [...new Set([...(bySide.get(side) ?? []), ...ofGroups])];
}

export function addConnection(construct: IConstruct, connection: Connection): void {
  const { all, bySide, ofGroups } = appOf(construct);
  all.push(connection);
  for (const side of [connection.client, connection.server]) {
    bySide.set(side, [...(bySide.get(side) ?? []), connection]);
    if (side instanceof Workloads) {
      ofGroups.push(connection);
    }
  }
}

/** The workloads of the construct's app whose policies it writes; more can be added. */
export function workloadsOf(construct: IConstruct): WorkloadSide[] {
  return appOf(construct).workloads;
}

interface AppConnections {
  readonly all: Connection[];
  readonly bySide: Map<ConnectionTarget, readonly Connection[]>;
  readonly ofGroups: Connection[];
  readonly workloads: WorkloadSide[];
}

const apps = new WeakMap<IConstruct, AppConnections>();

function appOf({ node: { root } }: IConstruct): AppConnections {
  const known = apps.get(root) ?? { all: [], bySide: new Map(), ofGroups: [], workloads: [] };
  apps.set(root, known);
  return known;
}
