/** The ends and flows of a tiny cluster, one of each kind that the policies of `tiny.ts` tell apart, and some sets of them. */
import type { Flow, WrittenEnd } from '../../lib/model/flow';
import type { JsonObject } from '../../lib/model/json';
import type { EndPart, EndSet } from '../../lib/model/property';
import { expectParsed } from '../../lib/net/parsed';
import { parseFlow } from '../../lib/read/flow';
import { readObjects } from '../../lib/read/read';
import { settle } from '../../lib/settings/settings';
import { Snapshot } from '../../lib/snapshot/snapshot';

const settings = expectParsed(settle([], { values: { cilium: '1.20' } }));

export const policy = (name: string, namespace: string, spec: JsonObject): JsonObject => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name, namespace },
  spec,
});

export function snapshotOf(policies: readonly JsonObject[]): Snapshot {
  const read = readObjects(
    'tiny',
    policies.map((value) => ({ value })),
    settings,
  );
  return new Snapshot(read, settings);
}

export interface TinyEnd {
  readonly text: string;
  readonly labels?: string;
  readonly namespace?: string;
  readonly written: WrittenEnd;
}

const endOf = (text: string): TinyEnd => {
  const { from } = expectParsed(parseFlow({ from: text, to: text, port: 1 }));
  const [, labels, namespace] = /^labels:(?:app=)?(\w*)@(\w)$/.exec(text) ?? [];
  return { text, labels, namespace, written: from };
};
const PODS = ['x', 'y', 'z'].flatMap((namespace) =>
  ['', 'app=a', 'app=b', 'app=c'].map((labels) => endOf(`labels:${labels}@${namespace}`)),
);
const ADDRESSES = ['10.0.0.0', '10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((address) => endOf(`ip:${address}`));
const ENTITIES = ['remote-node', 'health', 'ingress', 'unmanaged', 'init'].map((name) => endOf(`entity:${name}`));
const ENDS = [...PODS, ...ADDRESSES, endOf('entity:world'), ...ENTITIES];
const HOST = endOf('entity:host');
/** Of each stretch of ports that a policy tells apart, one. */
const PORTS = [1, 4, 5, 6, 7, 8];
export const FLOWS = ENDS.flatMap((from) => [...ENDS, HOST].flatMap((to) => PORTS.map((port) => ({ from, to, port }))));

/** A set with what it is of the ends above. */
export interface TinySet {
  readonly set: EndSet;
  readonly has: (end: TinyEnd) => boolean;
}

export const app = (value: string): EndPart => ({ is: 'pods', podSelector: { matchLabels: { app: value }, matchExpressions: [] } });
export const SOME: Readonly<Record<string, TinySet>> = {
  a: { set: [app('a')], has: ({ labels }) => labels === 'a' },
  'b of x': { set: [{ ...app('b'), namespaces: ['x'] } as EndPart], has: ({ labels, namespace }) => labels === 'b' && namespace === 'x' },
  y: { set: [{ is: 'pods', namespaces: ['y'] }], has: ({ namespace }) => namespace === 'y' },
  'not a of x': {
    set: [
      {
        is: 'pods',
        namespaces: ['x'],
        podSelector: { matchLabels: {}, matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] },
      },
    ],
    has: ({ labels, namespace }) => namespace === 'x' && labels !== 'a',
  },
  world: {
    set: [{ is: 'entities', names: ['world'] }],
    has: ({ text }) => text.startsWith('ip:') || text === 'entity:world',
  },
  'some addresses, and a': {
    set: [{ is: 'cidrs', texts: ['10.0.0.0/31'] }, app('a')],
    has: ({ text, labels }) => ['ip:10.0.0.0', 'ip:10.0.0.1'].includes(text) || labels === 'a',
  },
};

export type TinyFlow = (typeof FLOWS)[number];

export const flowOf = ({ from, to, port }: TinyFlow): Flow => ({ from: from.written, to: to.written, protocol: 'TCP', port });
export const allowedOver = (policies: readonly JsonObject[]): readonly (boolean | undefined)[] => {
  const verdicts = expectParsed(snapshotOf(policies).verdicts());
  return FLOWS.map((flow) => expectParsed(verdicts.verdict(flowOf(flow))).allowed);
};
