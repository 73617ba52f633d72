// Builds and runs the oracles, which are Go programs that read one JSON request per line.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const built = join(folder, '../out/conformance');

/** The minors that have an oracle, oldest first. */
export const MINORS = readdirSync(folder)
  .filter((name) => /^v1\.\d+$/.test(name))
  .map((name) => name.slice(1));

/** Builds the oracle of a minor. Go rebuilds only what changed. The first build takes minutes and downloads Cilium's module. */
export function build(minor) {
  mkdirSync(built, { recursive: true });
  const env = { ...process.env, CGO_ENABLED: '0' };
  execFileSync('go', ['build', '-o', join(built, minor), '.'], { cwd: join(folder, `v${minor}`), stdio: 'inherit', env });
}

/** Builds the oracle of Kubernetes' own kinds, with the Kubernetes version of a minor. */
export function buildKubernetes(minor) {
  mkdirSync(built, { recursive: true });
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };
  const asked = ['build', `-modfile=v${minor}.mod`, '-o', join(built, kubernetesOf(minor)), '.'];
  execFileSync('go', asked, { cwd: join(folder, 'kubernetes'), stdio: 'inherit', env });
}

function kubernetesOf(minor) {
  return `kubernetes-${minor}`;
}

/** The version of Kubernetes that the oracle of its own kinds links, for a minor. */
export function kubernetesVersion(minor) {
  return /k8s\.io\/kubernetes (v\S+)/.exec(readFileSync(join(folder, `kubernetes/v${minor}.mod`), 'utf8'))[1];
}

/** The answers of the oracle of Kubernetes' own kinds, in the order of the requests. */
export async function askKubernetes(minor, requests) {
  return askProgram(kubernetesOf(minor), requests);
}

/** The version and the folder of Cilium's module that the oracle of a minor links. */
export function module(minor) {
  const asked = ['list', '-m', '-f', '{{.Version}} {{.Dir}}', 'github.com/cilium/cilium'];
  const [version, ...path] = execFileSync('go', asked, { cwd: join(folder, `v${minor}`), encoding: 'utf8' })
    .trim()
    .split(' ');
  return { version, folder: path.join(' ') };
}

/** The answers of the oracle of a minor, in the order of the requests. */
export async function ask(minor, requests) {
  return askProgram(minor, requests);
}

async function askProgram(program, requests) {
  const oracle = spawn(join(built, program), { stdio: ['pipe', 'pipe', 'pipe'] });
  // Cilium logs everything that it rejects. Only the end of the log is kept, for the case that the program crashes.
  let lastWords = '';
  oracle.stderr.on('data', (text) => (lastWords = (lastWords + text).slice(-4000)));
  const answers = [];
  const read = (async () => {
    for await (const line of createInterface({ input: oracle.stdout })) {
      answers.push(JSON.parse(line));
    }
  })();
  for (const request of requests) {
    if (!oracle.stdin.write(`${JSON.stringify(request)}\n`)) {
      await new Promise((resolve) => oracle.stdin.once('drain', resolve));
    }
  }
  oracle.stdin.end();
  await read;
  if (answers.length !== requests.length) {
    throw new Error(`the oracle ${program} returned ${answers.length} answers to ${requests.length} requests\n${lastWords}`);
  }
  return answers;
}
