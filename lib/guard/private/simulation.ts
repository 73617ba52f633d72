import type { IConstruct } from 'constructs';
import type { Flow, Side } from '../../model/flow';
import { expectParsed } from '../../net/parsed';
import { parseFlow } from '../../read/flow';
import { readObjects } from '../../read/read';
import { findSettings } from '../../read/settings';
import { verdictText } from '../../report/explanation';
import { decisionOf, sideAnswer } from '../../simulate/answer';
import { openSimulation } from '../../simulate/open';
import type { Simulation } from '../../simulate/simulation';
import { refusalText } from '../../simulate/warnings';
import { manifestsBelow } from '../../tree/policies';
import type { PolicyFlow, PolicySimulatorOptions, PolicyVerdict, PolicyVerdictSide } from '../policy-simulator';

export function simulationOf(scope: IConstruct, { names = {}, ...options }: PolicySimulatorOptions): Simulation {
  const { namespace = 'default' } = expectParsed(findSettings('.'));
  const read = readObjects(scope.node.path, manifestsBelow(scope), { namespace });
  const answers = Object.entries(names).map(([name, addresses]): [string, string[]] => [
    name,
    addresses.split(',').map((one) => one.trim()),
  ]);
  const simulation = expectParsed(openSimulation(read, { ...options, names: Object.fromEntries(answers) }));
  if (simulation.unread.length > 0) {
    throw new Error(`not read: ${simulation.unread.join('; ')}`);
  }
  return simulation;
}

export function verdictOn(simulation: unknown, written: PolicyFlow): PolicyVerdict {
  const flow = flowOf(written);
  const explanation = expectParsed((simulation as Simulation).explain(flow));
  const { verdict } = explanation;
  return {
    decision: decisionOf(verdict),
    egress: sideOf(verdict.egress),
    ingress: sideOf(verdict.ingress),
    explanation: verdictText(flow, explanation, true),
  };
}

function sideOf(side: Side): PolicyVerdictSide {
  const { reason, redirect, policies, ...rest } = sideAnswer(side);
  return { ...rest, reason: reason ?? undefined, redirect: redirect ?? undefined, policies: [...policies] };
}

export function assertDecision(simulation: unknown, flow: PolicyFlow, expected: 'allowed' | 'denied'): void {
  const { decision, explanation } = verdictOn(simulation, flow);
  if (decision !== expected) {
    const { warnings } = simulation as Simulation;
    throw new Error(`expected the flow to be ${expected}\n${explanation}${warnings.map((text) => `${text}\n`).join('')}`);
  }
}

export function refusedIn(simulation: unknown): readonly string[] {
  return (simulation as Simulation).refused.map(refusalText);
}

/** Converts a flow to the format of `batch`. */
function flowOf({ source: from, destination: to, port, protocol, icmpType: type, dns, serverName: sni, ...flow }: PolicyFlow): Flow {
  const { httpMethod, httpPath, httpHost, httpHeaders } = flow;
  const hasRequest = [httpMethod, httpPath, httpHost, httpHeaders].some((part) => part !== undefined);
  const http = { method: httpMethod ?? 'GET', path: httpPath ?? '/', host: httpHost ?? '', headers: httpHeaders ?? {} };
  return expectParsed(parseFlow({ from, to, port, protocol, type, dns, sni, ...(hasRequest && { http }) }));
}
