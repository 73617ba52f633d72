/** The kinds of cases: how an input is made from a random source, and what must hold when the tool reads it. */
import { applyFixes } from '../../dist/checks/apply-fixes.js';
import { checkSources } from '../../dist/checks/check-texts.js';
import { CODES } from '../../dist/checks/registry.js';
import { answer } from '../../dist/cli/batch.js';
import { accepted, refusalOf } from '../../dist/net/parsed.js';
import { printable, safeJson } from '../../dist/net/printable.js';
import { parseConfig } from '../../dist/read/config.js';
import { documentsOf } from '../../dist/read/documents.js';
import { parseFlow } from '../../dist/read/flow.js';
import { parseJsonText } from '../../dist/read/json.js';
import { mentionsPolicy } from '../../dist/read/mentions.js';
import { parseDocument } from '../../dist/read/places.js';
import { readSources } from '../../dist/read/read.js';
import { RENDERERS } from '../../dist/report/findings/renderers.js';
import { reportOf } from '../../dist/report/findings/summary.js';
import { answerOf } from '../../dist/report/verdicts/answer.js';
import { explainedAnswer } from '../../dist/report/verdicts/explained.js';
import { verdictText } from '../../dist/report/verdicts/text.js';
import { warningText } from '../../dist/report/verdicts/warnings.js';
import { parseSettings } from '../../dist/settings/file.js';
import { settle } from '../../dist/settings/settings.js';
import { Snapshot } from '../../dist/snapshot/snapshot.js';
import { disk } from './disk.mjs';
import { meaning } from './meaning.mjs';
import { mutated } from './mutations.mjs';
import { unparsable, unsafeReport, unsafeText } from './outputs.mjs';

const FORMATS = Object.keys(RENDERERS);
const CILIUM = ['1.20', '1.19', '1.18', '1.18..1.20'];

/** What the tool does not promise. */
export class Broken extends Error {}

export const KINDS = {
  manifest: {
    share: 12,
    make: (seeds, random) => ({
      text: mutated(random.pick(seeds.manifests), seeds.manifests, random),
      format: random.pick(FORMATS),
      cilium: random.pick(CILIUM),
      flows: random.isOneIn(3) ? [random.pick(seeds.flows), { from: random.pick(seeds.ends), to: random.pick(seeds.ends), port: 80 }] : [],
    }),
    run: runManifest,
  },
  settings: {
    share: 2,
    make: (seeds, random) => ({ text: mutated(random.pick(seeds.settings), [...seeds.settings, ...seeds.manifests.slice(0, 50)], random) }),
    run: runSettings,
  },
  request: {
    share: 2,
    make: (seeds, random) => ({ text: line(JSON.stringify(random.pick(seeds.requests)), seeds, random) }),
    run: runRequest,
  },
  flow: {
    share: 3,
    make: (seeds, random) => ({
      text: random.isOneIn(2)
        ? line(JSON.stringify(random.pick(seeds.flows)), seeds, random)
        : JSON.stringify({ from: mutated(random.pick(seeds.ends), seeds.ends, random), to: random.pick(seeds.ends), port: 80 }),
    }),
    run: runFlow,
  },
  disk: { share: 1, ...disk },
  meaning: { share: 1, mostTime: 5_000, ...meaning },
};

function line(text, seeds, random) {
  const others = [JSON.stringify(random.pick(seeds.requests)), JSON.stringify(random.pick(seeds.flows))];
  return mutated(text, others, random).replaceAll('\n', ' ');
}

function runManifest({ text, format, cilium, flows }) {
  const settings = settingsOf({ cilium });
  const run = checkSources([{ name: 'a.yaml', text }], settings);
  judgeRun(run, format);
  refuse(unmentioned(run));
  judgeFixes(run, settings);
  if (flows.length > 0) {
    judgeFlows(text, flows);
  }
}

/** The promises of a run: no internal error, and a report that is safe. */
export function judgeRun(run, format) {
  const { diagnostics } = run;
  const internal = diagnostics.find(({ code }) => code === 'CIL909');
  refuse(internal && `has an internal error: ${internal.message}`);
  const text = RENDERERS[format]()(reportOf(run, '0'), { color: false });
  const open = diagnostics.filter(({ allowed }) => allowed === undefined).length;
  refuse(unsafeReport(format, text, open), `the report as ${format}`);
  return text;
}

/** Every document that names a policy is read as an object, or reported, or counted as unchecked. */
function unmentioned({ read }) {
  const [source] = read.sources;
  const known = new Set([...read.policies, ...read.others].map(({ document }) => document.start));
  const reported = new Set(read.problems.map(({ origin }) => origin.document.start));
  const lost = documentsOf(source).filter((document) => {
    const { root } = parseDocument(document);
    const isNothing = root?.is === 'scalar' && root.value === null;
    const isList = root?.is === 'mapping' && root.entries.some(({ name }) => name === 'items');
    return !known.has(document.start) && !reported.has(document.start) && !isNothing && !isList && mentionsPolicy(textOf(document));
  });
  return lost.length > read.unchecked ? `says nothing of the document at ${lost[0].start}` : undefined;
}

function textOf({ source, start, end }) {
  return source.text.slice(start, end);
}

/** Fixes come to an end, and make no policy unreadable and no more errors in it. */
function judgeFixes(first, settings) {
  let run = first;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const [changed] = applyFixes(run.fixes, run.read.problems).filter(({ source, text }) => text !== source.text);
    if (changed === undefined) {
      return;
    }
    const next = checkSources([{ name: 'a.yaml', text: changed.text }], settings);
    const [before, after] = [run, next].map(({ read, diagnostics }) => ({
      documents: read.documents,
      policies: read.policies.length,
      errors: diagnostics.filter(({ severity, allowed }) => severity === 'error' && allowed === undefined).length,
    }));
    const isRevealing = run.fixes.some(({ diagnostic }) => REVEALING.includes(diagnostic.code));
    const isWorse = after.errors > before.errors && !isRevealing;
    if (after.documents !== before.documents || after.policies < before.policies || isWorse) {
      throw new Broken(`a fix makes ${JSON.stringify(after)} of ${JSON.stringify(before)}`);
    }
    run = next;
  }
  throw new Broken(`fixes do not come to an end in ${MOST_ROUNDS} rounds`);
}

const MOST_ROUNDS = 6;

/** An object that is of another version, or that cannot be decoded, is not checked further. */
const REVEALING = ['CIL006', 'CIL101'];

/** Verdicts and explanations are given or refused, are the same in both, and are safe to print. */
function judgeFlows(text, flows) {
  const settings = settingsOf();
  const verdicts = new Snapshot(readSources([{ name: 'a.yaml', text }], settings), settings).verdicts();
  if (!verdicts.ok) {
    refuse(unsafeText(printable(refusalOf(verdicts))), 'a refusal');
    return;
  }
  verdicts.value.warnings.forEach((warning) => refuse(unsafeText(printable(warningText(warning))), 'a warning'));
  for (const written of flows) {
    const flow = parseFlow(written);
    if (flow.ok) {
      judgeFlow(verdicts.value, flow.value);
    }
  }
}

function judgeFlow(verdicts, flow) {
  const [verdict, explained] = [verdicts.verdict(flow), verdicts.explain(flow)];
  if (!verdict.ok || !explained.ok) {
    refuse(verdict.ok !== explained.ok ? 'a flow is judged only with or without its explanation' : undefined);
    refuse(unsafeText(printable(refusalOf(verdict))), 'a refusal');
    return;
  }
  const [short, long] = [verdict.value, explained.value.verdict].map((one) => JSON.stringify(answerOf(one)));
  refuse(short === long ? undefined : `the verdict ${short} is explained as ${long}`);
  refuse(unsafeText(verdictText(flow, explained.value, true)), 'an explanation');
  refuse(unsafeText(safeJson(explainedAnswer(explained.value))), 'an explanation as JSON');
}

function runSettings({ text }) {
  for (const parsed of [parseSettings(text, 'settings.yaml', '/nowhere'), parseConfig('config.yaml', text)]) {
    const settled = parsed.ok && parsed.value.values !== undefined ? settle(CODES, parsed.value) : parsed;
    refuse(settled.ok ? undefined : unsafeText(printable(refusalOf(settled))), 'a refusal');
  }
}

function runRequest({ text }) {
  const reply = answer({ number: 1, text: accepted(text) });
  refuse(unparsable(reply) ?? unsafeText(reply) ?? (reply.includes('\n') ? 'has more than one line' : undefined), 'the answer');
  refuse(reply.includes('internal error') && !text.includes('internal error') ? reply.slice(0, 300) : undefined, 'the answer');
}

function runFlow({ text }) {
  const parsed = parseJsonText(text);
  const flow = parsed.ok ? parseFlow(parsed.value) : parsed;
  if (flow.ok) {
    judgeFlow(world(), flow.value);
  } else {
    refuse(unsafeText(printable(refusalOf(flow))), 'a refusal');
  }
}

/** A cluster in which some of the ends exist. */
const WORLD = `
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, status: {podIP: 10.0.0.1}}
- {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {app: db}}}
- {apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}}
- {apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop}, spec: {clusterIP: 10.96.0.1, selector: {app: db}, ports: [{port: 80}]}}
- apiVersion: cilium.io/v2
  kind: CiliumNetworkPolicy
  metadata: {name: a, namespace: shop}
  spec:
    endpointSelector: {matchLabels: {app: db}}
    ingress:
    - fromEndpoints: [{matchLabels: {app: web}}]
      toPorts: [{ports: [{port: "80"}], rules: {http: [{method: GET, path: /a}]}}]
    - fromCIDR: [10.0.0.0/8]
`;

let opened;

function world() {
  return (opened ??= new Snapshot(readSources([{ name: 'world.yaml', text: WORLD }], settingsOf()), settingsOf()).verdicts().value);
}

export function settingsOf(values = {}) {
  return settle(CODES, { values }).value;
}

/** Ends a case if something is wrong. */
export function refuse(wrong, what) {
  if (wrong !== undefined && wrong !== false) {
    throw new Broken(what === undefined ? wrong : `${what} ${wrong}`);
  }
}
