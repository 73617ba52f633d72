/** What is mutated: manifests, flows, requests and settings of this repository, all of them harmless. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { stringify } from 'yaml';
import { CHECKS } from '../../dist/checks/registry.js';

export function readSeeds() {
  const objects = [...questions('validations-reviewed'), ...questions('validations-differing', 300)].map(({ object }) => object);
  const worlds = [...questions('worlds-reviewed'), ...questions('worlds-differing', 200), ...questions('worlds-tiers', 200)];
  return {
    /** YAML and JSON with policies and other objects. */
    manifests: [
      ...folder('test/guide/manifests'),
      ...folder('docs').flatMap(blocks),
      ...blocks(readFileSync('README.md', 'utf8')),
      ...CHECKS.flatMap(({ bad, good }) => [bad, good]).flatMap((example) => textOf(example)),
      ...questions('texts', 1_000),
      ...questions('objects', 500),
      ...objects.map((object) => JSON.stringify(object, undefined, 2)),
      ...objects.filter((_, i) => i % 3 === 0).map((object) => stringify(object)),
      ...worlds.map((world) => world.objects.map((object) => stringify(object)).join('---\n')),
      ...worlds.filter((_, i) => i % 4 === 0).map((world) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: world.objects })),
    ],
    flows: worlds.flatMap(({ flows }) => flows),
    /** The ends of flows as users write them. */
    ends: ['shop/web', 'labels:app=web@shop', 'ip:10.0.0.1', 'fqdn:api.example.com', 'entity:world', 'node:n1', 'service:shop/db'],
    requests: [
      ...worlds.map((world) => ({ id: 1, kind: 'verdict', ...world })),
      ...objects.map((object, id) => ({ id, kind: 'validate', cilium: ['1.18', '1.19', '1.20'][id % 3], object })),
    ],
    settings: SETTINGS,
  };
}

const SETTINGS = [
  'cilium: 1.20\nnamespace: shop\nselect: [CIL2, CIL101]\nignore: [CIL303]\n',
  'cilium: 1.18..1.20\nconfig:\n  enable-host-firewall: "true"\n  cluster-name: a\ninventory: [cluster.yaml, ../other]\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cilium-config}\ndata:\n  enable-l7-proxy: "true"\n  policy-cidr-match-mode: nodes\n',
  '{"cilium": "1.19", "ignore": ["CIL201"], "config": {"tofqdns-max-ips-per-hostname": 50}}\n',
];

/** The questions of a set of vectors, or the first of them. */
function questions(set, most = Infinity) {
  const text = brotliDecompressSync(readFileSync(`test/vectors/${set}.ndjson.br`)).toString();
  return text
    .trimEnd()
    .split('\n')
    .slice(0, most)
    .map((line) => JSON.parse(line).question);
}

function folder(path) {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:yaml|md)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

/** The YAML in Markdown, and a text without Markdown as it is. */
function blocks(text) {
  return text.includes('```') ? [...text.matchAll(/^```ya?ml\n(.*?)^```/gms)].map(([, block]) => block) : [text];
}

function textOf({ yaml }) {
  return typeof yaml === 'string' && yaml !== '' ? [yaml] : [];
}
