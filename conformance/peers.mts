// Compares reachability with netpol-analyzer on generated NetworkPolicies, if it is on the PATH: `npm run conformance:peers -- [--seed N] [--worlds N]`.
//
// Both are asked what passes between every two pods, and between every pod and the addresses that policies tell apart. netpol-analyzer knows what
// Kubernetes documents; Cilium 1.20 with its defaults should say the same. Prints each difference, and exits with 1 if there is one.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reachability } from '../lib/engine.js';
import { parseAddress } from '../lib/net/address.js';
import { contains, parsePrefix, singleBlock } from '../lib/net/prefix.js';
import { worldCases } from '../test/generate/worlds.js';

const TOOL = 'netpol-analyzer';
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

interface Connection {
  readonly src: string;
  readonly dst: string;
  readonly conn: string;
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: {
    readonly hostNetwork?: boolean;
    readonly containers?: readonly { readonly ports?: readonly { readonly name?: string }[] }[];
  };
}

const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' }, worlds: { type: 'string', default: '300' } } });
if (spawnSync(TOOL, ['list', '--help']).status !== 0) {
  console.error(`${TOOL} is not on the PATH: build it from github.com/np-guard/netpol-analyzer`);
  process.exit(2);
}

let [compared, pairs, differing, refused] = [0, 0, 0, 0];
for (const world of worldCases(Number(values.seed), Number(values.worlds))) {
  const objects = (world.objects as unknown as readonly Manifest[]).filter(isCompared);
  if (!objects.some(({ kind }) => kind === 'NetworkPolicy')) {
    continue;
  }
  const theirs = listed(objects);
  if (theirs === undefined) {
    refused++;
    continue;
  }
  compared++;
  const ours = reaching(objects);
  const pods = objects.filter(({ kind }) => kind === 'Pod').map(({ metadata }) => `${metadata.namespace ?? 'default'}/${metadata.name}`);
  const outside = [...new Set(theirs.flatMap(({ src, dst }) => [src, dst]).flatMap((end) => firstAddress(end) ?? []))];
  const asked = pods.flatMap((pod) => [
    ...pods.filter((other) => other !== pod).map((other) => [pod, other]),
    ...outside.flatMap((address) => [
      [pod, address],
      [address, pod],
    ]),
  ]);
  const answers = asked.map(([from, to]) => ({ from, to, here: ours(from, to), there: theirsOn(theirs, from, to) }));
  const wrong = answers.filter(({ here, there }) => here !== undefined && here !== there);
  pairs += answers.length;
  differing += wrong.length;
  wrong.forEach(({ from, to, here, there }) => {
    console.log(`${from} → ${to}: ${here} here, ${there} there; in ${JSON.stringify(objects)}`);
  });
}
console.log(`${pairs} pairs of ${compared} worlds with a NetworkPolicy, ${differing} differ; ${refused} worlds are refused there`);
process.exitCode = differing === 0 && pairs > 0 ? 0 : 1;

/** netpol-analyzer reads the first bytes of an IPv6 prefix as an IPv4 address. Kubernetes allows no two ports of the same name in a container. */
function isCompared({ kind, spec }: Manifest): boolean {
  switch (kind) {
    case 'Namespace':
      return true;
    case 'NetworkPolicy':
      return !JSON.stringify(spec).includes('::');
    case 'Pod': {
      const names = spec?.containers?.flatMap(({ ports = [] }) => ports.map(({ name }) => name)) ?? [];
      return spec?.hostNetwork !== true && new Set(names).size === names.length;
    }
    default:
      return false;
  }
}

/** What netpol-analyzer lists; `undefined` if it refuses the objects. */
function listed(objects: readonly Manifest[]): readonly Connection[] | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'peers-'));
  try {
    writeFileSync(join(folder, 'all.yaml'), objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    const { status, stdout } = spawnSync(TOOL, ['list', '--dirpath', folder, '--quiet', '--output', 'json'], {
      encoding: 'utf8',
    });
    return status === 0 ? ((JSON.parse(stdout) ?? []) as Connection[]) : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The connections between two ends, as a text to compare. */
function theirsOn(all: readonly Connection[], from: string, to: string): string {
  const found = all.find(({ src, dst }) => isEnd(src, from) && isEnd(dst, to));
  return found === undefined
    ? 'nothing'
    : found.conn === 'All Connections'
      ? textOf(PROTOCOLS.map((one) => [one, 1, 65_535]))
      : textOf(rangesIn(found.conn));
}

function rangesIn(text: string): readonly Range[] {
  let protocol = '';
  return text.split(',').map((part): Range => {
    const [first, second] = part.trim().split(' ');
    protocol = second === undefined ? protocol : first;
    const [low, high = low] = (second ?? first).split('-');
    return [protocol, Number(low), Number(high)];
  });
}

function isEnd(shown: string, end: string): boolean {
  if (shown === `${end}[Pod]`) {
    return true;
  }
  const [low, high] = /^([\d.]+)-([\d.]+)\[External\]$/.exec(shown)?.slice(1).map(valueOf) ?? [];
  const value = /^[\d.]+$/.test(end) ? valueOf(end) : undefined;
  return value !== undefined && low !== undefined && low <= value && value <= high;
}

function firstAddress(shown: string): string | undefined {
  const first = /^([\d.]+)-[\d.]+\[External\]$/.exec(shown)?.[1];
  // The first addresses of all, and those of machines themselves, are of no flow.
  return first === undefined || /^(?:0|127)\./.test(first) ? undefined : first;
}

function valueOf(address: string): bigint {
  return parseAddress(address)?.value ?? -1n;
}

/** What passes between two ends; `undefined` if one of them is not asked about. */
function reaching(objects: readonly Manifest[]): (from: string, to: string) => string | undefined {
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
  return (from, to) => {
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
    return textOf(ranges);
  };
}

type Range = readonly [protocol: string, first: number, last: number];

/** Ranges in order, with neighbours as one. */
function textOf(ranges: readonly Range[]): string {
  const joined: [string, number, number][] = [];
  for (const [protocol, first, last] of [...ranges].sort(([a, b], [c, d]) => (a === c ? b - d : a < c ? -1 : 1))) {
    const before = joined.at(-1);
    if (before?.[0] === protocol && first <= before[2] + 1) {
      before[2] = Math.max(before[2], last);
    } else {
      joined.push([protocol, first, last]);
    }
  }
  return joined.length === 0 ? 'nothing' : joined.map(([protocol, first, last]) => `${protocol} ${first}-${last}`).join(', ');
}
