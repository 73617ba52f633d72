import type { IConstruct } from 'constructs';
import { CODES } from '../../checks/registry';
import type { Flow, Side } from '../../model/flow';
import type { Names } from '../../model/inventory';
import { expectParsed, Parsed, refused } from '../../net/parsed';
import { printable } from '../../net/printable';
import { mustBeConstruct } from '../../props/errors';
import { inLanguage } from '../../props/language';
import { mustFit } from '../../props/shape';
import { parseFlow } from '../../read/flow';
import { readObjects } from '../../read/read';
import { sideAnswer } from '../../report/verdicts/answer';
import { byMeans, OPTIONS } from '../../report/verdicts/given';
import { verdictText } from '../../report/verdicts/text';
import { expectVerdicts, refusalText, warningText, warningView } from '../../report/verdicts/warnings';
import { settleHere } from '../../settings/file';
import { openWithInventory } from '../../snapshot/from-files';
import type { Verdicts } from '../../snapshot/verdicts';
import { withCluster } from '../../tree/cluster';
import { manifestsBelow } from '../../tree/policies';
import { decisionOf, passes } from '../../verdict/decision';
import type { PolicyFlow } from '../policy-flow';
import type { PolicySimulatorOptions } from '../policy-simulator-options';
import type { PolicyVerdict, PolicyVerdictSide } from '../policy-verdict';
import type { PolicyWarning } from '../policy-warning';
import { FLOW, SIMULATOR_OPTIONS } from './shapes';

export function verdictsOver(scope: IConstruct, options: PolicySimulatorOptions): Verdicts {
  mustBeConstruct('scope', scope);
  mustFit('PolicySimulatorOptions', SIMULATOR_OPTIONS, options);
  const { cilium, config, values: variables, inventory, names, learn } = options;
  const values = { cilium, config, values: variables, inventory, names: names && addressesOf(names), learn };
  const settings = expectParsed(settleHere(CODES, withCluster(scope, values)));
  return expectVerdicts(openWithInventory(readObjects(scope.node.path, manifestsBelow(scope), settings), settings));
}

/** Splits the addresses of each name at commas. */
function addressesOf(names: Readonly<Record<string, string>>): Names {
  return Object.fromEntries(Object.entries(names).map(([name, addresses]) => [name, addresses.split(',').map((one) => one.trim())]));
}

export function verdictOn(verdicts: unknown, written: PolicyFlow): PolicyVerdict {
  const flow = flowOf(written);
  const explanation = expectJudged((verdicts as Verdicts).explain(flow));
  const { verdict } = explanation;
  return {
    decision: decisionOf(verdict),
    passes: passes(verdict),
    egress: sideOf(verdict.egress),
    ingress: sideOf(verdict.ingress),
    explanation: verdictText(flow, explanation, true),
  };
}

function sideOf(side: Side): PolicyVerdictSide {
  const { reason, redirect, policies, ...rest } = sideAnswer(side);
  return { ...rest, reason: reason ?? undefined, redirect: redirect ?? undefined, policies: [...policies] };
}

export function assertDecision(verdicts: unknown, flow: PolicyFlow, expected: 'allowed' | 'denied'): void {
  const { decision, explanation } = verdictOn(verdicts, flow);
  if (decision !== expected) {
    const { warnings } = verdicts as Verdicts;
    throw new Error(
      `expected the flow to be ${expected}\n${explanation}${warnings.map((warning) => `${printable(warningText(warning))}\n`).join('')}`,
    );
  }
}

export function refusedIn(verdicts: unknown): readonly string[] {
  return (verdicts as Verdicts).refused.map(refusalText);
}

export function warningsIn(verdicts: unknown): readonly PolicyWarning[] {
  return (verdicts as Verdicts).warnings.map(warningView).map(({ object: resource, ...warning }) => ({ ...warning, resource }));
}

/** Converts a flow to the format of `batch`. */
function flowOf(flow: PolicyFlow): Flow {
  mustFit('PolicyFlow', FLOW, flow);
  const { source: from, destination: to, port, protocol, icmpType: type, icmpCode: code, dns, serverName: sni } = flow;
  const { httpMethod, httpPath, httpHost, httpHeaders } = flow;
  const hasRequest = [httpMethod, httpPath, httpHost, httpHeaders].some((part) => part !== undefined);
  const http = { method: httpMethod ?? 'GET', path: httpPath ?? '/', host: httpHost ?? '', headers: httpHeaders ?? {} };
  return expectJudged(parseFlow({ from, to, port, protocol, type, code, dns, sni, ...(hasRequest && { http }) }));
}

function expectJudged<T>(parsed: Parsed<T>): T {
  const given = byMeans(parsed, OPTIONS);
  return expectParsed(given.ok ? given : refused(inOurWords(given.problem), given.help && inOurWords(given.help)));
}

/** Problems have the names of the fields of `batch`; a program knows those of `PolicyFlow`. */
function inOurWords(text: string): string {
  return text
    .replace(/^from:/, 'source:')
    .replace(/^to:/, 'destination:')
    .replace(/`type`/, quoted('icmpType'))
    .replace(/`sni`/, quoted('serverName'))
    .replace(/`http`/, `${['httpMethod', 'httpPath', 'httpHost'].map(quoted).join(', ')} or ${quoted('httpHeaders')}`);
}

function quoted(name: string): string {
  return `\`${inLanguage(name)}\``;
}
