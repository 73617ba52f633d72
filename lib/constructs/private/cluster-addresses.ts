/** The addresses of a cluster's own pods and nodes: CIDR rules do not match them, so a CIDR among them allows nothing. */
import { IConstruct } from 'constructs';
import { contains, parsePrefix, Prefix } from '../../net/prefix';
import { Statement } from './rule-conflicts';

/** Addresses that CIDR rules do not match. */
export interface OwnAddresses {
  readonly of: 'pods' | 'nodes';
  readonly cidr: string;
  readonly prefix: Prefix;
}

/** Says the addresses of an app's cluster. */
export function noteAddresses(app: IConstruct, addresses: readonly OwnAddresses[]): void {
  known.set(app, addresses);
}

const known = new WeakMap<IConstruct, readonly OwnAddresses[]>();

/** Why CIDR peers of a construct's rules match nothing; each message is complete. */
export function deadCidrs({ node: { root } }: IConstruct, statements: readonly Pick<Statement, 'peer'>[]): string[] {
  const addresses = known.get(root) ?? [];
  const cidrs = addresses.length === 0 ? [] : statements.flatMap(({ peer: { field, items } }) => cidrsOf(field, items));
  return cidrs.flatMap((cidr) => {
    const parsed = parsePrefix(cidr);
    const own = addresses.find(({ prefix }) => parsed.ok && contains(prefix, parsed.value));
    return own === undefined
      ? []
      : `CIDR \`${cidr}\` lies in ${own.cidr}, the addresses of ${own.of}, which CIDR rules do not match; ` +
          `write Peer.${own.of === 'pods' ? 'labels()' : 'allNodes() or Peer.nodes()'}`;
  });
}

function cidrsOf(field: string, items: readonly unknown[]): string[] {
  if (field === 'CIDR') {
    return items as string[];
  }
  return field === 'CIDRSet' ? items.flatMap((item) => (item as { cidr?: string }).cidr ?? []) : [];
}
