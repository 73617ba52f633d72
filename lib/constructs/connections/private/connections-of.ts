/** All connections of an app. Policies are written from them at synthesis, so that the order of the program does not matter. */
import { IConstruct } from 'constructs';
import { EgressTraffic } from '../../traffic';
import type { ConnectionTarget, Connectable } from '../connectable';

/** One statement of a program: who may connect to what. */
export interface Connection {
  readonly client: Connectable;
  readonly server: ConnectionTarget;
  readonly traffic: EgressTraffic;
  readonly because?: string;
}

/** The connections of the construct's app; more can be added. */
export function connectionsOf({ node: { root } }: IConstruct): Connection[] {
  const known = connections.get(root) ?? [];
  connections.set(root, known);
  return known;
}

const connections = new WeakMap<IConstruct, Connection[]>();
