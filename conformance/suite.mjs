// Records what the conformance suite of ClusterNetworkPolicy expects, without a cluster: one JSON line for each packet that it sends.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const built = join(folder, '../out/conformance');
const record = join(built, 'suite.ndjson');

/** The expectations, as parsed lines. The first run downloads the modules of the suite. */
export function expectations() {
  const copy = join(built, 'network-policy-api');
  const source = execFileSync('go', ['mod', 'download', '-json', 'sigs.k8s.io/network-policy-api@v0.2.0'], {
    cwd: join(folder, 'v1.20'),
    encoding: 'utf8',
  });
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(built, { recursive: true });
  cpSync(JSON.parse(source).Dir, copy, { recursive: true });
  makeWritable(copy);
  cpSync(join(folder, 'suite/kubernetes/helper.go'), join(copy, 'conformance/utils/kubernetes/helper.go'));
  execFileSync('go', ['test', '-count=1', '.'], {
    cwd: join(folder, 'suite'),
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, CGO_ENABLED: '0', RECORD: record },
  });
  return readFileSync(record, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Go's modules are read-only. */
function makeWritable(path) {
  const isFolder = statSync(path).isDirectory();
  chmodSync(path, isFolder ? 0o755 : 0o644);
  if (isFolder) {
    readdirSync(path).forEach((name) => makeWritable(join(path, name)));
  }
}
