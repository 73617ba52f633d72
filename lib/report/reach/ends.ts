/** Ends of a universe in words. */
import type { WrittenEnd } from '../../model/flow';
import type { Inventory } from '../../model/inventory';
import { groupedBy } from '../../net/grouped';
import type { UniverseEnd } from '../../reach/universe/universe';
import { someOf } from '../findings/words';
import { endText } from '../verdicts/text';

/** An end as reports name it. */
export interface EndView {
  readonly is: UniverseEnd['is'];
  /** For people: `shop/web`, `other pods of shop`, `world`, `192.0.2.0/24`, `api.example.com`. */
  readonly name: string;
  /** One of the ends that it stands for, as `verdict --from` takes it. */
  readonly example: string;
  /** The namespace, if all that it stands for is in one. */
  readonly namespace: string | undefined;
  readonly members: readonly string[];
}

export function endView(end: UniverseEnd, owners: ReadonlyMap<string, string>): EndView {
  const { is, written, members } = end;
  const own = is === 'pods' ? [...new Set(members.map((name) => owners.get(name) ?? name))] : members;
  const namespaces =
    is === 'pods' ? new Set(own.map((name) => name.slice(0, name.indexOf('/')))) : new Set(is === 'possible-pods' ? members : []);
  return {
    is,
    name: nameOf(end, own),
    example: endText(withNamespaceLabels(written)),
    namespace: namespaces.size === 1 ? [...namespaces][0] : undefined,
    members: own,
  };
}

/** Labels of a namespace that is not listed are as good as further ones. */
export function withNamespaceLabels(written: WrittenEnd): WrittenEnd {
  return written.is === 'labels' ? { ...written, moreNamespaceLabels: written.namespaceLabels } : written;
}

/** Who owns each pod of which the owner has no other name in the inventory. */
export function ownersIn({ owned, pods }: Pick<Inventory, 'owned' | 'pods'>): ReadonlyMap<string, string> {
  return new Map(
    [...owned].filter(([owner]) => !pods.has(owner)).flatMap(([owner, names]) => names.map((name): [string, string] => [name, owner])),
  );
}

function nameOf({ is, written, members }: UniverseEnd, own: readonly string[]): string {
  switch (is) {
    case 'pods':
      return someOf(own, MOST_NAMED);
    case 'possible-pods':
      return possibleName(written as Extract<WrittenEnd, { is: 'labels' }>, members);
    case 'nodes':
      return `${members.length === 1 ? 'node' : 'nodes'} ${someOf(members, MOST_NAMED)}`;
    case 'entity':
      return ENTITIES[members[0]] ?? members[0];
    case 'addresses':
      return members[0] === '0.0.0.0/0' ? 'world' : members[0] === '::/0' ? 'world (IPv6)' : members[0];
    case 'name':
      return someOf(members, MOST_NAMED);
  }
}

const MOST_NAMED = 4;

const ENTITIES: Readonly<Record<string, string>> = { host: 'own node', 'remote-node': 'nodes that are not listed' };

/** The labels are those of an example: others that selectors do not tell apart are meant too. */
function possibleName(
  { labels, namespaceLabels = {}, serviceAccount, cluster }: Extract<WrittenEnd, { is: 'labels' }>,
  namespaces: readonly string[],
): string {
  const own = [...Object.entries(labels), ...(serviceAccount === '' ? [] : [['serviceAccount', serviceAccount]])];
  const where = namespaces.length === 0 ? 'other namespaces' : someOf(namespaces, MOST_NAMED);
  const withLabels = own.length === 0 ? 'other pods' : `pods with ${pairs(own)}`;
  const ofNamespace = Object.entries(namespaceLabels);
  return [
    `${withLabels} of ${where}`,
    ...(ofNamespace.length === 0 ? [] : [`with namespace label ${pairs(ofNamespace)}`]),
    ...(cluster === undefined ? [] : [`in cluster ${cluster}`]),
  ].join(' ');
}

function pairs(entries: readonly (readonly string[])[]): string {
  return entries.map(([key, value]) => `${key}=${value}`).join(',');
}

/** Several ends: those of one namespace together. */
export function endsText(ends: readonly EndView[], most: number): string {
  const byKind = [...groupedBy(ends, ({ is }) => is).values()].flat();
  const names = [...new Set(byKind.map(({ name }) => name))];
  return someOf(names, most);
}
