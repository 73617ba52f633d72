/** Proofs, for people. */
import type { Flow } from '../../model/flow';
import type { JsonObject } from '../../model/json';
import { expectParsed } from '../../net/parsed';
import { printable } from '../../net/printable';
import type { Proof, Witness } from '../../snapshot/proofs/proof';
import type { Verdicts } from '../../snapshot/verdicts';
import { counted } from '../findings/words';
import { verdictText } from '../verdicts/text';
import { manifestsOf, nameOf } from './data';

export function proofsText(proofs: readonly Proof[]): string {
  const count = (is: Proof['is']) => proofs.filter((one) => one.is === is).length;
  const summary = `${counted(proofs.length, 'property')}: ${count('holds')} hold, ${count('fails')} fail, ${count('unknown')} unknown`;
  return `${[...proofs.flatMap(linesOf), summary].map(printable).join('\n')}\n`;
}

function linesOf(proof: Proof): readonly string[] {
  const { property, is, looked, witness, others, missing, mend } = proof;
  const { name, kind, because, place } = property;
  const head = `${is.padEnd(7)}  ${name}${name === kind ? '' : ` (${kind})`}${place === undefined ? '' : `, ${place}`}`;
  if (is === 'holds') {
    return [`${head}: for ${countedKinds(looked, kind)}`];
  }
  return [
    head,
    ...(because === undefined ? [] : [`  must hold because: ${because}`]),
    ...missing.map((one) => `  not known: ${one}`),
    ...(witness === undefined ? [] : witnessLines(witness)),
    ...(is === 'fails' && others > 0 ? [`  and so do ${countedKinds(others, kind)} more`] : []),
    ...documents('a policy that mends it', mend === undefined ? [] : [mend]),
  ];
}

/** Pods that no selector tells apart are of one kind. */
function countedKinds(count: number, kind: string): string {
  const noun = kind === 'default-denied' ? 'kind' : kind === 'nodes-not-locked-out' ? 'need' : 'pair';
  const of = { kind: 'of pods', need: 'of nodes', pair: 'of kinds of ends' }[noun];
  return `${counted(count, noun)} ${of}`;
}

function witnessLines(witness: Witness): readonly string[] {
  if (witness.is === 'open') {
    return [`  no policy closes ${witness.direction} of ${nameOf(witness.pod)}`, ...documents('such a pod', manifestsOf([witness.pod]))];
  }
  const { flow, verdicts, before, added, what } = witness;
  return [
    ...(what === undefined ? [] : [`  closed for ${what}:`]),
    ...(before === undefined ? [] : ['  before the change:', ...explained(flow, before), '  after it:']),
    ...explained(flow, verdicts),
    ...documents('such pods', manifestsOf([flow.from, flow.to])),
    ...documents('with what somebody may add', added),
  ];
}

function explained(flow: Flow, verdicts: Verdicts): readonly string[] {
  const text = verdictText(flow, expectParsed(verdicts.explain(flow)), true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`);
}

/** As JSON in one line each, which is YAML too. */
function documents(title: string, objects: readonly JsonObject[]): readonly string[] {
  return objects.length === 0 ? [] : [`  ${title}:`, ...objects.map((one) => `    ${JSON.stringify(one)}`)];
}
