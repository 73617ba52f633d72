// Asks the kubectl on the PATH which objects are in texts, to compare it with the oracle and with this project.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectsAnswer } from '../test/support/vectors/store.js';

/** An empty patch of local objects prints what was read, and needs no cluster. */
const PRINT = ['patch', '--local', '--type', 'json', '--patch', '[]', '--output', 'json', '--filename'];

export function askKubectl(texts: readonly string[]): ObjectsAnswer[] {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    return texts.map((text) => answerTo(text, join(folder, 'text.yaml')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function answerTo(text: string, file: string): ObjectsAnswer {
  writeFileSync(file, text);
  const { status, stdout, stderr, error } = spawnSync('kubectl', [...PRINT, file], {
    encoding: 'utf8',
    env: { ...process.env, KUBECONFIG: devNull },
  });
  if (error !== undefined) {
    throw error;
  }
  // Objects are indented, so each ends with the first brace at the beginning of a line.
  const objects = stdout
    .split(/(?<=^\})\n/m)
    .filter((object) => object !== '')
    .map((object): unknown => JSON.parse(object));
  const isRefused = status !== 0 && !stderr.includes('no objects passed to patch');
  return { objects, ...(isRefused && { error: stderr }) };
}
