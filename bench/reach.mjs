// Benchmarks reachability and diff with generated policies and pods: `npm run bench:reach`.
//
// For each size, in a process of its own: the time to read and accept the policies, to find the ends, to find what passes between every two of them,
// and to fold them into classes; then a diff of the set with itself, and with a set in which one of a hundred policies has another port. Memory is the peak of the process. Pods that
// could exist are among the ends.
import { spawnSync } from 'node:child_process';
import { policiesOf, podsOf, nodesOf } from './workload.mjs';

/** Pods of a workload. */
const REPLICAS = 10;

const SIZES = [
  [100, 200],
  [500, 1_000],
  [1_000, 10_000],
  [10_000, 10_000],
];

const [, self, policies, pods] = process.argv;
if (policies === undefined) {
  for (const size of SIZES) {
    const { stdout, stderr, status } = spawnSync('node', [self, ...size.map(String)], { encoding: 'utf8' });
    process.stdout.write(
      status === 0 ? stdout : `${size.join(' × ')}: ${stderr.split('\n').find((line) => line.includes('Error')) ?? stderr.slice(0, 200)}\n`,
    );
  }
} else {
  await measure(Number(policies), Number(pods));
}

async function measure(policyCount, podCount) {
  const { readObjects } = await import('../dist/read/read.js');
  const { settle } = await import('../dist/settings/settings.js');
  const { Snapshot } = await import('../dist/snapshot/snapshot.js');
  const { MOST_COMPARED, MOST_SHOWN, openComparison, openReach } = await import('../dist/snapshot/reach.js');
  const { compared } = await import('../dist/snapshot/changes.js');
  const { classesOf } = await import('../dist/reach/classes.js');
  const settings = settle([], { values: { cilium: '1.20' } }).value;
  const cluster = [...nodesOf(podCount), ...podsOf(podCount, REPLICAS)];
  const all = policiesOf(policyCount, podCount, REPLICAS);
  const over = (some) =>
    new Snapshot(
      readObjects(
        'bench',
        [...cluster, ...some].map((value) => ({ value })),
        settings,
      ),
      settings,
    ).verdicts().value;
  const [verdicts, accept] = timed(() => over(all));
  const [found, ends] = timed(() => openReach(verdicts, MOST_SHOWN));
  const diff = (after) => compared(valueOf(openComparison(verdicts, over(after), MOST_COMPARED))).changes.length;
  const [, same] = timed(() => diff(all));
  const [changes, less] = timed(() => diff(changedIn(all)));
  const line = `${policyCount} × ${podCount}: accept ${ms(accept)}, diff with itself ${ms(same)}, ${changes} changes ${ms(less)}`;
  if (!found.ok) {
    console.log(`${line}, ${memory()}; ${found.problem}`);
    return;
  }
  const opened = found.value;
  const { length } = opened.universe.ends;
  const [, pairs] = timed(() => {
    for (let from = 0; from < length; from++) {
      for (let to = 0; to < length; to++) {
        opened.all[0].traffic(from, to);
      }
    }
  });
  const [folded, classes] = timed(() => classesOf(length, (from, to) => opened.all[0].traffic(from, to)));
  console.log(`${line}, ${length} ends ${ms(ends)}, all pairs ${ms(pairs)}, ${folded.classes.length} classes ${ms(classes)}, ${memory()}`);
}

/** The same policies, with another port in one of a hundred. */
function changedIn(policies) {
  return policies.map((policy, i) => (i % 100 === 0 ? JSON.parse(JSON.stringify(policy).replaceAll('"5432"', '"5433"')) : policy));
}

function memory() {
  return `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`;
}

function timed(run) {
  const start = performance.now();
  const value = run();
  return [value, performance.now() - start];
}

function valueOf(parsed) {
  if (!parsed.ok) {
    throw new Error(parsed.problem);
  }
  return parsed.value;
}

function ms(time) {
  return `${time.toFixed(0)} ms`;
}
