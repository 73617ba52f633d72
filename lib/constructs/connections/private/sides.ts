/** What connections and policies need of a workload, without importing it: the workload imports them. */
import { Construct } from 'constructs';
import { PortProtocol } from '../../private/manifest';
import { EgressTraffic } from '../../traffic';
import { Connectable, ConnectionTarget } from '../connectable';
import { Pods } from './pods';

export interface WorkloadSide extends Connectable {
  /** The construct whose child the policy is; none if the policy is not written here. */
  readonly _scope?: Construct;
  readonly _namespace: string;
  readonly _resolvesNames: boolean;
  readonly _observes: boolean;
  /** Whether its policy is written. */
  readonly _isWritten: boolean;
  _pods(): Pods;
  _end(): string;
  _write(): void;
  _isAmong(sides: readonly ConnectionTarget[]): boolean;
  _writeIfAmong(sides: readonly ConnectionTarget[]): void;
  _mustListen(traffic: EgressTraffic, pods?: Pods): void;
  _numbersOf(port: PortProtocol): readonly PortProtocol[];
}

/** The workload, if it is one. */
export function asWorkload(one: ConnectionTarget): WorkloadSide | undefined {
  return one instanceof Connectable && '_numbersOf' in one ? (one as WorkloadSide) : undefined;
}
