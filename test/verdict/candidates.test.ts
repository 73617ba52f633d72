/** Where there are many peers and many selectors, most pairs are never tried: none that fits may be among them. */
import { MINORS } from '../../lib/crd/minor';
import { label, Labels } from '../../lib/model/label';
import type { BlockSelector, Requirement, Selector } from '../../lib/model/policy';
import { expectParsed } from '../../lib/net/parsed';
import { parsePrefix } from '../../lib/net/prefix';
import { agentOf } from '../../lib/resolve/agent';
import type { Filter } from '../../lib/resolve/cells';
import { blockLabel } from '../../lib/resolve/labels';
import { encoded, selects } from '../../lib/resolve/matching';
import { Candidates } from '../../lib/verdict/candidates';

const prefix = (text: string) => expectParsed(parsePrefix(text));
const BLOCKS = ['0.0.0.0/0', '::/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.3/32', '2001:db8::/32', '2001:db8::1/128'].map(prefix);
const CONFIGS: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'enable-ipv6': 'true' },
  { 'policy-cidr-match-mode': 'nodes' },
  { 'policy-cidr-match-mode': 'pods' },
];
/** The agents that start. */
const AGENTS = MINORS.flatMap((minor) => CONFIGS.map((config) => agentOf(minor, config))).flatMap((agent) =>
  agent.ok ? [agent.value] : [],
);

const WORLD = [label('reserved', 'world'), label('reserved', 'world-ipv4'), label('reserved', 'world-ipv6')];
const PARTS: readonly Labels[] = [
  [],
  ...WORLD.map((one) => [one]),
  [label('reserved', 'remote-node')],
  [label('k8s', 'app', 'web')],
  [label('fqdn', '*.example.com')],
  [label('cidrgroup', 'team', 'a')],
  [label('cidrgroup', encoded('team', 'a'))],
];
const PEERS: readonly Labels[] = PARTS.flatMap((part) => [part, ...BLOCKS.map((block) => [...part, blockLabel(block)])]);

const block = (at: BlockSelector['block'], except: BlockSelector['except'] = []): BlockSelector => ({
  ...{ is: 'block', key: '', block: at, field: 'set', except, at: undefined },
});
const REQUIREMENTS: readonly Requirement[] = (['In', 'NotIn', 'Exists', 'DoesNotExist'] as const).flatMap((operator) =>
  [
    ['any', 'app', 'web'],
    ['k8s', 'app', 'web'],
    ['cidrgroup', 'team', 'a'],
    ['cidr', '10.0.0.0/8', ''],
  ].map(([source, key, value]) => ({ source, key, operator, values: operator.endsWith('In') ? [value, 'other'] : [] })),
);
const SELECTORS: readonly Selector[] = [
  ...BLOCKS.map((one) => block(one)),
  { is: 'name', key: '', pattern: '*.example.com', at: undefined },
  ...[[], ...REQUIREMENTS.flatMap((one) => REQUIREMENTS.map((other) => [one, other]))].flatMap((requirements): Selector[] => [
    { is: 'labels', key: '', requirements, ofEndpoints: true, at: undefined },
    { is: 'group', key: '', requirements, except: [], at: undefined },
  ]),
];

test('the candidates for a peer have every selector that selects it', () => {
  const filters = SELECTORS.map((selector) => ({ protocol: 'any', port: {}, cells: [{ selector }] }) as unknown as Filter);
  const candidates = new Candidates(filters);
  for (const peer of PEERS) {
    const found = new Set(candidates.of(peer).flatMap(({ cells }) => cells.map(({ selector }) => selector)));
    for (const agent of AGENTS) {
      expect(SELECTORS.filter((selector) => selects(selector, peer, agent) && !found.has(selector))).toEqual([]);
    }
  }
});

test.each(AGENTS)('a peer is outside of many holes if it is outside of each', (agent) => {
  // What is far away changes nothing, but makes the list long.
  const far = Array.from({ length: 20 }, (_, i) => prefix(`198.51.100.${i}/32`));
  const selected = (selector: Selector) => PEERS.map((peer) => selects(selector, peer, agent));
  for (const [at, hole] of BLOCKS.flatMap((one) => BLOCKS.map((other) => [one, other]))) {
    expect(selected(block(at, [...far, hole]))).toEqual(selected(block(at, [hole])));
  }
});
