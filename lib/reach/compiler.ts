/** Compiles the policies of endpoints to tables. Endpoints share a table if the same rules have the same effect on them. */
import { isSince } from '../crd/minor';
import type { Direction, Rule } from '../model/policy';
import { NAMESPACE_KEY } from '../net/label-keys';
import { MAX_PORT } from '../net/port';
import type { Agent } from '../resolve/agent';
import type { Cell, Filter } from '../resolve/cells';
import { NamedPorts, portNumber, portsKey } from '../resolve/named-ports';
import { LocalEndpoint, resolve, Resolved } from '../resolve/resolve';
import { isRefused } from '../verdict/envoy-refusal';
import { BitSet } from './bit-set';
import type { Identities } from './identities';
import type { NumberedEntry } from './subject-index';
import { NumberedFilter, Table } from './table';

/** The policy of an endpoint: `ask` if only the specification can judge it, `none` if no policy is evaluated. */
export type Compiled = Readonly<Record<Direction, Table>> | 'ask' | 'none';

export class Compiler {
  private readonly tables = new Map<string, Table>();

  public constructor(
    private readonly identities: Identities,
    private readonly namedPorts: NamedPorts,
    private readonly agent: Agent,
  ) {}

  /** The policy of an endpoint that entries select, which are in order. */
  public compile(local: LocalEndpoint, entries: readonly NumberedEntry[]): Compiled {
    if (entries.some(({ entry }) => entry.opaque !== undefined || asksForAuthentication(entry.rule))) {
      return 'ask';
    }
    const isRefusedByEnvoy = entries.some(({ entry }) => isRefused(entry.rule, this.agent.minor));
    const traits = `${local.isHost} ${isRefusedByEnvoy} ${marksOf(local)}`;
    const [ingress, egress] = (['ingress', 'egress'] as const).map((direction) => {
      const own = entries.filter(({ entry }) => entry.rule.direction === direction);
      const ports = direction === 'ingress' ? portsKey(local.ports) : '';
      const key = `${direction} ${traits} ${ports} ${own.map(({ number }) => number).join()}`;
      const table = this.tables.get(key) ?? this.tableOf(direction, local, own, isRefusedByEnvoy);
      return table === undefined ? undefined : this.kept(key, table);
    });
    return ingress === undefined || egress === undefined ? 'ask' : { ingress, egress };
  }

  private kept(key: string, table: Table): Table {
    this.tables.set(key, table);
    return table;
  }

  private tableOf(direction: Direction, local: LocalEndpoint, own: readonly NumberedEntry[], isRefusedByEnvoy: boolean): Table | undefined {
    const entries = own.map(({ entry }) => entry);
    const resolved = resolve(local, direction, entries, this.agent);
    return resolved.is === 'conflict' ? undefined : new Table(resolved, this.numbered(resolved, local), this.identities, isRefusedByEnvoy);
  }

  private numbered({ filters, direction }: Resolved, local: LocalEndpoint): readonly NumberedFilter[] {
    return filters.flatMap((filter) => {
      const cells = filter.cells.map((cell) => ({ cell, peers: this.identities.selected(cell.selector).all, filter }));
      if (filter.port.is === 'number') {
        return [{ tier: filter.tier, protocol: filter.protocol, ...this.range(filter.port.number, filter.port.end), cells }];
      }
      return direction === 'ingress' ? this.namedIngress(filter, filter.port, local, cells) : this.namedEgress(filter, filter.port, cells);
    });
  }

  private range(number: number, end: number): Pick<NumberedFilter, 'first' | 'last'> {
    const isEvery = number === 0 && (end === 0 || isSince(this.agent.minor, '1.20'));
    return { first: number, last: isEvery ? MAX_PORT : Math.max(number, end) };
  }

  private namedIngress(
    { tier, protocol }: Filter,
    { name, end }: NamedPort,
    { ports }: LocalEndpoint,
    cells: NumberedFilter['cells'],
  ): NumberedFilter[] {
    const number = portNumber(name, protocol, ports);
    return number === undefined ? [] : [{ tier, protocol, first: number, last: Math.max(number, end), cells }];
  }

  /** From 1.20 on a port name resolves to the port of each peer, before that to the one that all pods agree on. */
  private namedEgress(filter: Filter, { name, end }: NamedPort, cells: NumberedFilter['cells']): NumberedFilter[] {
    const { tier, protocol, cells: all } = filter;
    if (!isSince(this.agent.minor, '1.20')) {
      const number = this.namedPorts.agreed(name, protocol);
      return number === undefined ? [] : [{ tier, protocol, first: number, last: Math.max(number, end), cells }];
    }
    return [...this.identities.meaning(name, protocol)].map(([number, having]) => ({
      tier,
      protocol,
      first: number,
      last: number,
      cells: all.map((cell: Cell) => ({
        cell,
        peers: BitSet.intersection(this.identities.selected(cell.selector).direct, having),
        filter,
      })),
    }));
  }
}

/** Whether both ends must authenticate. Then only the specification knows whether the rule lets anything pass. */
export function asksForAuthentication({ authentication }: Rule): boolean {
  return authentication !== undefined && authentication !== 'disabled';
}

/** What changes what rules resolve to, in addition to selecting: the namespace (for listeners), and two labels that count from any source. */
const MARKS = [NAMESPACE_KEY, 'host', 'init'];

function marksOf({ labels }: LocalEndpoint): string {
  let marks = '';
  for (const { source, key, value } of labels) {
    marks += MARKS.includes(key) ? `${source}:${key}=${value} ` : '';
  }
  return marks;
}

type NamedPort = Filter['port'] & { readonly is: 'name' };
