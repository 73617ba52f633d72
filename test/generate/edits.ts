/** Edits of policies as a pull request makes them: some change what passes, and some only how it is written. */
import { parsePrefix, prefixText } from '../../lib/net/prefix';
type Json = Record<string, unknown>;

export interface Edited {
  readonly objects: readonly object[];
  /** Whether the edit changes only how policies are written. */
  readonly isOnlyWritten: boolean;
}

/** The same objects after one edit of a policy, which the number chooses. */
export function edited(objects: readonly object[], number: number): Edited {
  const pick = picking(number);
  const policies = objects.filter((one) => kindOf(one).endsWith('Policy'));
  const edit = pick(EDITS);
  if (policies.length === 0) {
    return { objects, isOnlyWritten: true };
  }
  const policy = pick(policies);
  const isOnlyWritten = edit.isOnlyWritten === true && !(edit.isOrder === true && kindOf(policy) === 'ClusterNetworkPolicy');
  return { objects: edit.change(objects, policy, pick), isOnlyWritten };
}

type Pick = <T>(list: readonly T[]) => T;

/** The same choices for the same number. */
function picking(seed: number): Pick {
  let state = (seed + 1) * 2_654_435_761;
  return (list) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return list[(state >>> 8) % list.length];
  };
}

interface Edit {
  readonly isOnlyWritten?: true;
  /** Whether it changes the order of rules, which counts in a ClusterNetworkPolicy. */
  readonly isOrder?: true;
  readonly change: (objects: readonly object[], policy: object, pick: Pick) => readonly object[];
}

const EDITS: readonly Edit[] = [
  { change: (objects, policy) => objects.filter((one) => one !== policy) },
  { change: inLists('rule', without) },
  { change: inLists('peer', without) },
  { change: inLists('port', without) },
  { change: inLists('port', (list) => list.map(shiftPort)) },
  { isOnlyWritten: true, isOrder: true, change: inLists('rule', (list) => [...list].reverse()) },
  { isOnlyWritten: true, change: inLists('rule', (list, pick) => (list.length === 0 ? list : [...list, pick(list)])) },
  { isOnlyWritten: true, change: inLists('port', (list) => list.flatMap(splitPort)) },
  { isOnlyWritten: true, change: inLists('peer', (list) => list.flatMap(splitBlock)) },
];

const LISTS: Readonly<Record<string, readonly string[]>> = {
  rule: ['ingress', 'egress', 'ingressDeny', 'egressDeny'],
  peer: ['fromEndpoints', 'toEndpoints', 'fromEntities', 'toEntities', 'fromCIDR', 'toCIDR', 'toFQDNs', 'from', 'to'],
  port: ['ports'],
};

function inLists(which: string, change: (list: readonly unknown[], pick: Pick) => readonly unknown[]): Edit['change'] {
  return (objects, policy, pick) => {
    const after = changed(policy, (copy) => {
      const found = listsIn(copy.spec, LISTS[which]);
      if (found.length > 0) {
        const { holder, key } = pick(found);
        holder[key] = change(holder[key] as readonly unknown[], pick);
      }
    });
    return objects.map((one) => (one === policy ? after : one));
  };
}

function changed(policy: object, change: (copy: Json) => void): object {
  const copy = structuredClone(policy) as Json;
  change(copy);
  return copy;
}

function without(list: readonly unknown[], pick: Pick): readonly unknown[] {
  const left = list.length === 0 ? undefined : pick(list);
  return list.filter((one) => one !== left);
}

/** Another port. */
function shiftPort(entry: unknown): unknown {
  const { port } = entry as { readonly port?: string | number };
  const number = Number(port);
  return number > 0 && number < 65_535 ? { ...(entry as Json), port: typeof port === 'string' ? String(number + 1) : number + 1 } : entry;
}

/** A range of ports as two. */
function splitPort(entry: unknown): readonly unknown[] {
  const { port, endPort } = entry as { readonly port?: string | number; readonly endPort?: number };
  const first = Number(port);
  if (endPort === undefined || !(endPort > first)) {
    return [entry];
  }
  const middle = Math.floor((first + endPort) / 2);
  const as = (number: number) => (typeof port === 'string' ? String(number) : number);
  return [
    { ...(entry as Json), port: as(first), endPort: middle },
    { ...(entry as Json), port: as(middle + 1), endPort },
  ];
}

/** A CIDR as its two halves. */
function splitBlock(peer: unknown): readonly unknown[] {
  const parsed = typeof peer === 'string' ? parsePrefix(peer) : undefined;
  if (parsed?.ok !== true || parsed.value.version !== 4 || parsed.value.length === 0 || parsed.value.length > 31) {
    return [peer];
  }
  const { version, first, length } = parsed.value;
  const half = 1n << BigInt(31 - length);
  return [first, first + half].map((one) => prefixText({ version, first: one, length: length + 1 }));
}

function kindOf(object: object): string {
  const { kind } = object as { readonly kind?: unknown };
  return typeof kind === 'string' ? kind : '';
}

interface Held {
  readonly holder: Json;
  readonly key: string;
}

function listsIn(value: unknown, keys: readonly string[]): readonly Held[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const holder = value as Json;
  return Object.keys(holder).flatMap((key) => [
    ...(keys.includes(key) && Array.isArray(holder[key]) ? [{ holder, key }] : []),
    ...listsIn(holder[key], keys),
  ]);
}
