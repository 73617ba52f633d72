/**
 * Compares the keys that follow from values of Cilium's Helm chart with those that Helm writes: `npm run conformance:helm -- [--record]`.
 *
 * Needs `helm` on the PATH, or its path in `HELM`. Records `test/vectors/helm.json`, with the judged keys of each answer.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Minor, MINORS } from '../lib/crd/minor.js';
import type { JsonObject } from '../lib/model/json.js';
import { JUDGED_KEYS } from '../lib/resolve/agent.js';
import { settle } from '../lib/settings/settings.js';
import { UNJUDGED_KEYS } from '../lib/settings/unjudged.js';
import { VALUES } from '../test/support/chart-values.js';
import { module } from './oracle.mjs';

const helm = process.env.HELM ?? 'helm';
const folder = mkdtempSync(join(tmpdir(), 'helm-'));
const KEYS = [...JUDGED_KEYS, ...UNJUDGED_KEYS];

interface Case {
  readonly values: JsonObject;
  /** The judged keys that the chart writes in each minor; null where it refuses the values. */
  readonly keys: Readonly<Record<string, Readonly<Record<string, string>> | null>>;
}

const cases = VALUES.map((values): Case => ({ values, keys: Object.fromEntries(MINORS.map((minor) => [minor, written(values, minor)])) }));
const different = cases.flatMap(({ values, keys }) => MINORS.flatMap((minor) => differences(values, minor, keys[minor])));
different.forEach((one) => console.log(JSON.stringify(one)));
console.log(`${cases.length} values in ${MINORS.length} minors: ${different.length} differ`);
if (process.argv.includes('--record')) {
  const versions = Object.fromEntries(MINORS.map((minor) => [minor, module(minor).version]));
  const [{ keys: base }] = cases;
  // Of each case only what differs from the first: null for a key that is not written, and for values that Helm refuses.
  const lines = cases.map(({ values, keys }) => JSON.stringify({ values, keys: changesOf(base, keys) }));
  const text = JSON.stringify({ versions, base, cases: [] }, undefined, 2).replace('[]', `[\n    ${lines.join(',\n    ')}\n  ]`);
  writeFileSync('test/vectors/helm.json', `${text}\n`);
}
rmSync(folder, { recursive: true });
process.exitCode = different.length === 0 ? 0 : 1;

function changesOf(base: Case['keys'], keys: Case['keys']): object {
  const changes = MINORS.map((minor) => {
    const [before, after] = [base[minor] ?? {}, keys[minor]];
    const changed = KEYS.filter((key) => before[key] !== after?.[key]).map((key) => [key, after?.[key] ?? null] as const);
    return [minor, after === null ? null : Object.fromEntries(changed)] as const;
  });
  return Object.fromEntries(changes);
}

/** Helm also refuses values of a wrong type, by a schema; they are read here. */
function differences(values: JsonObject, minor: Minor, keys: Readonly<Record<string, string>> | null): readonly object[] {
  const settled = settle([], { values: { cilium: minor, config: values } });
  if (keys === null || !settled.ok) {
    return keys === null ? [] : [{ minor, values, problem: settled.ok ? undefined : settled.problem }];
  }
  const ours = of(settled.value.configs[minor]);
  return KEYS.flatMap((key) => (ours[key] === keys[key] ? [] : { minor, values, key, helm: keys[key], ours: ours[key] }));
}

function of(config: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(KEYS.filter((key) => Object.hasOwn(config, key)).map((key) => [key, config[key]]));
}

function written(values: JsonObject, minor: Minor): Readonly<Record<string, string>> | null {
  const chart = join(folder, minor);
  cpSync(join(module(minor).folder, 'install/kubernetes/cilium'), chart, { recursive: true, force: true });
  const file = join(folder, 'values.json');
  writeFileSync(file, JSON.stringify(values));
  const asked = [
    'template',
    'cilium',
    chart,
    '--kube-version',
    '1.33.0',
    '--show-only',
    'templates/cilium-configmap.yaml',
    '--values',
    file,
  ];
  const { status, stdout } = spawnSync(helm, asked, { encoding: 'utf8' });
  if (status !== 0) {
    return null;
  }
  const [text] = stdout.split(/^---$/m).filter((part) => part.includes('name: cilium-config'));
  // `extraConfig` may write a key again, and the last one counts.
  const { data } = parse(text, { uniqueKeys: false }) as { readonly data: Readonly<Record<string, string | null>> };
  return of(Object.fromEntries(Object.entries(data).map(([key, value]) => [key, (value ?? '').trim()])));
}
