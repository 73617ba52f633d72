// Compares reachability with other tools on generated NetworkPolicies: `npm run conformance:peers -- [TOOL...] [--seed N] [--worlds N]`.
//
// The tools are netpol-analyzer and cyclonus; without a name, those that are on the PATH. Each is asked what passes between every two pods, and
// between every pod and the addresses that policies tell apart. They know what Kubernetes documents; Cilium 1.20 with its defaults should say the
// same. Prints each difference, and exits with 1 if there is one.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { reachability } from '../lib/engine.js';
import { addressBits, addressText, parseAddress } from '../lib/net/address.js';
import { contains, parsePrefix, singleBlock } from '../lib/net/prefix.js';
import { worldCases } from '../test/generate/worlds.js';
import { CYCLONUS } from './peers/cyclonus.mjs';
import { NETPOL_ANALYZER } from './peers/netpol-analyzer.mjs';
import { Manifest, Pair, Peer, podName, portsOf, PROTOCOLS, Range, rangesText } from './peers/peer.mjs';

const PEERS = [NETPOL_ANALYZER, CYCLONUS];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, worlds: { type: 'string', default: '300' } },
});
const peers = (positionals.length === 0 ? PEERS : PEERS.filter(({ tool }) => positionals.includes(tool))).filter(isThere);
if (peers.length < Math.max(1, positionals.length)) {
  console.error(`none of ${PEERS.map(({ tool }) => tool).join(', ')} is on the PATH, or one that is named is not`);
  process.exit(2);
}

const worlds = [...worldCases(Number(values.seed), Number(values.worlds))].map(({ objects }) => objects as unknown as readonly Manifest[]);
process.exitCode = peers.map(compared).every(Boolean) ? 0 : 1;

function isThere({ tool, probe }: Peer): boolean {
  return spawnSync(tool, probe).status === 0;
}

/** Whether the peer says the same of all pairs. */
function compared(peer: Peer): boolean {
  let [judged, pairs, differing, refused] = [0, 0, 0, 0];
  for (const world of worlds) {
    const objects = world.filter((object) => isCompared(object) && peer.reads(object));
    if (!objects.some(({ kind }) => kind === 'NetworkPolicy')) {
      continue;
    }
    const asked = pairsOf(objects);
    const theirs = peer.ask(objects, asked);
    if (theirs === undefined) {
      refused++;
      continue;
    }
    judged++;
    const ours = reaching(objects);
    const answers = asked.map((pair, i) => ({ pair, here: ours(pair), there: theirs[i] })).filter(({ here }) => here !== undefined);
    const wrong = answers.filter(({ here, there }) => here !== there);
    pairs += answers.length;
    differing += wrong.length;
    wrong.forEach(({ pair: [from, to], here, there }) => {
      console.log(`${from} → ${to}: ${here} here, ${there} there; in ${JSON.stringify(objects)}`);
    });
  }
  console.log(`${peer.tool}: ${pairs} pairs of ${judged} worlds, ${differing} differ; ${refused} worlds are refused there`);
  return differing === 0 && pairs > 0;
}

/** Kubernetes allows no two ports of the same name in a container. */
function isCompared(object: Manifest): boolean {
  if (object.kind !== 'Pod') {
    return object.kind === 'Namespace' || object.kind === 'NetworkPolicy';
  }
  const names = portsOf(object).map(({ name }) => name);
  return object.spec?.hostNetwork !== true && new Set(names).size === names.length;
}

function pairsOf(objects: readonly Manifest[]): readonly Pair[] {
  const pods = objects.filter(({ kind }) => kind === 'Pod').map(podName);
  const outside = addressesIn(objects);
  return pods.flatMap((pod) => [
    ...pods.filter((other) => other !== pod).map((other): Pair => [pod, other]),
    ...outside.flatMap((address): Pair[] => [
      [pod, address],
      [address, pod],
    ]),
  ]);
}

/** The first address of each block, and the one after its last. The first addresses of all, and those of machines themselves, are of no flow. */
function addressesIn(objects: readonly Manifest[]): readonly string[] {
  const blocks = [...JSON.stringify(objects).matchAll(/"(\d+\.\d+\.\d+\.\d+\/\d+)"/g)].map(([, text]) => parsePrefix(text));
  const values = blocks.flatMap((block) => {
    if (!block.ok) {
      return [];
    }
    const { first, length, version } = block.value;
    return [first, first + (1n << BigInt(addressBits(version) - length))];
  });
  const texts = values.filter((value) => value < 1n << 32n).map((value) => addressText({ version: 4, value }));
  return [...new Set(['8.8.8.8', ...texts])].filter((text) => !/^(?:0|127)\./.test(text));
}

/** What passes between two ends; `undefined` if one of them is not asked about. */
function reaching(objects: readonly Manifest[]): (pair: Pair) => string | undefined {
  const { ends, connections } = reachability(
    [{ name: 'all.json', text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }) }],
    {
      cilium: '1.20',
      config: { 'enable-sctp': 'true' },
      possiblePods: false,
    },
  );
  const prefixes = ends
    .filter(({ is }) => is === 'addresses')
    .flatMap(({ id, members }) => {
      const prefix = parsePrefix(members[0]);
      return prefix.ok && prefix.value.version === 4 ? [{ id, prefix: prefix.value }] : [];
    })
    .sort((a, b) => b.prefix.length - a.prefix.length);
  const endOf = (end: string) => {
    const address = parseAddress(end);
    return address !== undefined
      ? prefixes.find(({ prefix }) => contains(prefix, singleBlock(address)))?.id
      : ends.find(({ is, members }) => is === 'pods' && members.includes(end))?.id;
  };
  return ([from, to]) => {
    const [source, destination] = [endOf(from), endOf(to)];
    if (source === undefined || destination === undefined) {
      return undefined;
    }
    const found = connections.filter((one) => one.from.includes(source) && one.to.includes(destination)).flatMap(({ traffic }) => traffic);
    const ranges = found
      .filter(({ protocol }) => PROTOCOLS.includes(protocol))
      .map(({ protocol, first, last, decision }): Range => [
        decision === 'allowed' ? protocol : `${protocol} ${decision}`,
        Math.max(1, first),
        last,
      ]);
    return rangesText(ranges);
  };
}
