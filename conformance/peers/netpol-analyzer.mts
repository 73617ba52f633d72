// netpol-analyzer lists what passes between all ends at once. Built from github.com/np-guard/netpol-analyzer.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAddress } from '../../lib/net/address.js';
import { Manifest, Peer, PROTOCOLS, Range, rangesText } from './peer.mjs';

interface Connection {
  readonly src: string;
  readonly dst: string;
  readonly conn: string;
}

export const NETPOL_ANALYZER: Peer = {
  tool: 'netpol-analyzer',
  probe: ['list', '--help'],
  // It reads the first bytes of an IPv6 prefix as an IPv4 address.
  reads: ({ kind, spec }) => kind !== 'NetworkPolicy' || !JSON.stringify(spec).includes('::'),
  ask(objects, pairs) {
    const all = listed(objects);
    return all && pairs.map(([from, to]) => connectionText(all.find(({ src, dst }) => isEnd(src, from) && isEnd(dst, to))));
  },
};

function listed(objects: readonly Manifest[]): readonly Connection[] | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'peers-'));
  try {
    writeFileSync(join(folder, 'all.yaml'), objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    const { status, stdout } = spawnSync('netpol-analyzer', ['list', '--dirpath', folder, '--quiet', '--output', 'json'], {
      encoding: 'utf8',
    });
    return status === 0 ? ((JSON.parse(stdout) ?? []) as Connection[]) : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function connectionText(found: Connection | undefined): string {
  if (found === undefined) {
    return rangesText([]);
  }
  return rangesText(found.conn === 'All Connections' ? PROTOCOLS.map((one) => [one, 1, 65_535]) : rangesIn(found.conn));
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

function valueOf(address: string): bigint {
  return parseAddress(address)?.value ?? -1n;
}
