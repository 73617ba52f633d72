/**
 * Matchers for jest: `import 'cdk8s-cilium/jest'`.
 *
 * ```ts
 * import 'cdk8s-cilium/jest';
 *
 * expect(chart).toAllow({ from: 'labels:app=web@shop', to: 'labels:app=db@shop', port: 5432 });
 * expect(chart).toDeny({ from: 'labels:app=web@shop', to: 'entity:world', port: 443 });
 * expect(chart).toBeClean({ cilium: '1.20' });
 * ```
 *
 * What is expected of is a chart, an app or another construct, a list of objects as `Testing.synth` makes it, or the path of a file or folder of YAML.
 */
import type { IConstruct } from 'constructs';
import { parseOptions } from '../checks/options';
import { checkRead } from '../checks/run';
import type { AgentConfig } from '../model/config';
import { asObject, isObject, kindOf } from '../model/json';
import { expectParsed } from '../net/parsed';
import { readPaths } from '../read/files';
import { parseFlow } from '../read/flow';
import type { Names } from '../read/inventory';
import { Read, readObjects, readSources } from '../read/read';
import { findSettings } from '../read/settings';
import { verdictText } from '../report/explanation';
import { toldOf } from '../report/words';
import { decisionOf } from '../simulate/answer';
import { openSimulation } from '../simulate/open';
import type { Simulation } from '../simulate/simulation';
import { manifestsBelow } from '../tree/policies';

/** A connection attempt. Ends are texts such as `ns/pod`, `labels:app=web@ns`, `ip:192.0.2.1`, `fqdn:api.example.com`, `entity:world`, `node:name`. */
export interface ExpectedFlow {
  readonly from: string | object;
  /** The same, or `service:ns/name`. */
  readonly to: string | object;
  /** 1–65535. */
  readonly port?: number;
  /** @default - TCP */
  readonly protocol?: string;
  /** The ICMP type, by number or by Cilium's name. */
  readonly type?: number | string;
  readonly http?: {
    readonly method?: string;
    readonly path?: string;
    readonly host?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** The name that a DNS query asks for. */
  readonly dns?: string;
  /** The server name of a TLS handshake. */
  readonly sni?: string;
}

/** What is absent is taken from the settings file, `cdk8s-cilium.yaml`. */
export interface VerdictOptions {
  /** The minor of Cilium. */
  readonly cilium?: string;
  /** Keys of `cilium-config` that do not have their defaults. */
  readonly config?: AgentConfig;
  /** Files and folders with pods, nodes, services. What is expected of counts too. */
  readonly inventory?: readonly string[];
  /** What DNS answers, by name. */
  readonly names?: Names;
}

export interface CleanOptions {
  readonly cilium?: string;
  readonly config?: AgentConfig;
  /** Whether warnings fail too. @default false */
  readonly warnings?: boolean;
  /** Codes of checks, or their beginnings: only these. */
  readonly select?: readonly string[];
  /** Codes of checks, or their beginnings: not these. */
  readonly ignore?: readonly string[];
}

/** What a matcher answers. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** The matchers themselves, for whoever extends `expect` by hand. */
export const matchers = {
  /** Passes if Cilium would let the flow through, by both ends, and the request on it. Unknown is no pass. */
  toAllow(this: unknown, received: unknown, flow: ExpectedFlow, options: VerdictOptions = {}): MatcherResult {
    return judged(received, flow, options, 'allowed', isNegated(this));
  },
  /** Passes if Cilium would refuse the flow, or the request on it. Unknown is no pass. */
  toDeny(this: unknown, received: unknown, flow: ExpectedFlow, options: VerdictOptions = {}): MatcherResult {
    return judged(received, flow, options, 'denied', isNegated(this));
  },
  /** Passes if no check finds an error. */
  toBeClean(received: unknown, { warnings = false, ...options }: CleanOptions = {}): MatcherResult {
    const settings = expectParsed(findSettings('.'));
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const { diagnostics } = checkRead(readOf(received), expectParsed(parseOptions({ ...settings, ...given })));
    const fatal = diagnostics.filter(
      ({ severity, allowed }) => allowed === undefined && (severity === 'error' || (warnings && severity === 'warning')),
    );
    const told = fatal
      .map(toldOf)
      .map(({ place, code, name, words, help }) => `${place}: ${code} ${name}: ${words}${help === null ? '' : `; ${help}`}`);
    return {
      pass: fatal.length === 0,
      message: () =>
        fatal.length === 0 ? 'expected a finding, and there is none' : `expected no finding, and there are:\n${told.join('\n')}`,
    };
  },
};

/** Whether it stands behind `.not`. */
function isNegated(context: unknown): boolean {
  return asObject(context).isNot === true;
}

function judged(
  received: unknown,
  written: ExpectedFlow,
  options: VerdictOptions,
  expected: 'allowed' | 'denied',
  isNot: boolean,
): MatcherResult {
  const simulation = simulationOf(received, options);
  // What is absent may be written as undefined.
  const flow = expectParsed(parseFlow(JSON.parse(JSON.stringify(written ?? null))));
  const explanation = expectParsed(simulation.explain(flow));
  const decision = decisionOf(explanation.verdict);
  return {
    // Nobody knows is no answer to either question.
    pass: decision === 'unknown' ? isNot : decision === expected,
    message: () => {
      const warnings = simulation.warnings.map((text) => `${text}\n`);
      return `expected the flow ${isNot ? 'not ' : ''}to be ${expected}\n${verdictText(flow, explanation, true)}${warnings.join('')}`;
    },
  };
}

/** A file of tests asks the same policies a hundred times. */
const simulations = new Map<string, Simulation>();
const MOST_KEPT = 16;

/** What is expected of must be readable as a whole: what is not could be a policy. */
function simulationOf(received: unknown, options: VerdictOptions): Simulation {
  const settings = expectParsed(findSettings('.'));
  const paths = [...(typeof received === 'string' ? [received] : []), ...(options.inventory ?? settings.inventory ?? [])];
  // Files may change between two expectations.
  const texts = paths.length === 0 ? [] : readPaths(paths).map(({ name, text }) => [name, text]);
  const key = JSON.stringify([typeof received === 'string' ? received : objectsOf(received), options, texts]);
  let simulation = simulations.get(key);
  if (simulation === undefined) {
    const read = readOf(received, settings.namespace);
    simulation = expectParsed(openSimulation(read, options));
    const { unread } = simulation;
    if (unread.length > 0 || read.documents === 0) {
      throw new Error(unread.length > 0 ? `not read: ${unread.join('; ')}` : 'there is nothing to judge by');
    }
    if (simulations.size >= MOST_KEPT) {
      simulations.clear();
    }
    simulations.set(key, simulation);
  }
  return simulation;
}

function readOf(received: unknown, namespace = 'default'): Read {
  return typeof received === 'string'
    ? readSources(readPaths([received]), { namespace })
    : readObjects('objects', objectsOf(received), { namespace });
}

function objectsOf(received: unknown): ReturnType<typeof manifestsBelow> {
  if (Array.isArray(received)) {
    const wrong = received.findIndex((value) => !isObject(value));
    if (wrong >= 0) {
      throw new Error(`item ${wrong} is ${kindOf(received[wrong])}, and no object`);
    }
    return received.map((value) => ({ value: asObject(value) }));
  }
  const { node } = asObject(received) as Partial<IConstruct>;
  if (typeof node?.findAll !== 'function') {
    throw new Error('this is no construct, no list of objects and no path');
  }
  return manifestsBelow(received as IConstruct);
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- jest's types are extended in no other way
  namespace jest {
    interface Matchers<R> {
      /** Passes if Cilium would let the flow through, by both ends, and the request on it. Unknown is no pass. */
      toAllow(flow: ExpectedFlow, options?: VerdictOptions): R;
      /** Passes if Cilium would refuse the flow, or the request on it. Unknown is no pass. */
      toDeny(flow: ExpectedFlow, options?: VerdictOptions): R;
      /** Passes if no check finds an error. */
      toBeClean(options?: CleanOptions): R;
    }
  }
}

/** Where jest, or what speaks its language, runs the file. */
const { expect: runner } = globalThis as { readonly expect?: { extend(given: typeof matchers): void } };
runner?.extend(matchers);
