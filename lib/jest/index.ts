/**
 * Matchers for jest: `import 'cdk8s-cilium/jest'`.
 *
 * ```ts
 * import 'cdk8s-cilium/jest';
 *
 * expect(chart).toAllow({ from: 'labels:app=web@shop', to: 'labels:app=db@shop', port: 5432 });
 * expect(chart).toDeny({ from: 'labels:app=web@shop', to: 'entity:world', port: 443 });
 * expect(chart).toBeClean({ cilium: '1.20' });
 * expect(chart).toOpenNothingComparedTo('manifests/main');
 * ```
 *
 * The argument of `expect` is a chart, an app or another construct, a list of objects as returned by `Testing.synth`, or the path of a file or
 * folder of YAML.
 */
import type { IConstruct } from 'constructs';
import { checkSnapshot } from '../checks/check-texts';
import { CODES } from '../checks/registry';
import type { AgentConfig } from '../model/config';
import type { Names } from '../model/inventory';
import { asObject, isObject, JsonObject, kindOf } from '../model/json';
import type { WrittenProperties } from '../model/property';
import { expectParsed } from '../net/parsed';
import { printable } from '../net/printable';
import { readPaths } from '../read/files';
import { parseFlow } from '../read/flow';
import { parseProperties } from '../read/properties';
import { readPropertyFile } from '../read/property-file';
import { Read, readObjects, readSources } from '../read/read';
import { findingText } from '../report/findings/words';
import { proofsText } from '../report/proofs/text';
import { changesView } from '../report/reach/changes';
import { changesText } from '../report/reach/changes-text';
import { byMeans, OPTIONS } from '../report/verdicts/given';
import { verdictText } from '../report/verdicts/text';
import { expectInventory, expectNoSkipped, expectVerdicts, warningText, WarningView, warningView } from '../report/verdicts/warnings';
import { settleHere } from '../settings/file';
import { refuseUnknown, Settings, Values } from '../settings/settings';
import { compared } from '../snapshot/changes';
import { openWithInventory } from '../snapshot/from-files';
import { proofsOf } from '../snapshot/proofs/proofs';
import { MOST_COMPARED, openComparison } from '../snapshot/reach';
import type { Snapshot } from '../snapshot/snapshot';
import type { Verdicts } from '../snapshot/verdicts';
import { withCluster } from '../tree/cluster';
import { manifestsBelow } from '../tree/policies';
import { decisionOf } from '../verdict/decision';

/**
 * A connection attempt. Each end is a string: `ns/pod`, `labels:app=web@ns`, `ip:192.0.2.1`, `fqdn:api.example.com`, `entity:world` or
 * `node:name`; or a mapping in the format of `batch`.
 */
export interface ExpectedFlow {
  readonly from: string | object;
  /** Like `from`, or `service:ns/name`. */
  readonly to: string | object;
  /** 1–65535. */
  readonly port?: number;
  /** @default - TCP */
  readonly protocol?: string;
  /** The ICMP type, as a number or with Cilium's name. */
  readonly type?: number | string;
  readonly http?: {
    readonly method?: string;
    readonly path?: string;
    readonly host?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** The name in a DNS query. */
  readonly dns?: string;
  /** The server name in a TLS handshake. */
  readonly sni?: string;
}

/** Options for verdicts. Options that are omitted are read from the settings file, `cdk8s-cilium.yaml`. */
export interface VerdictOptions {
  /** The minor of Cilium. */
  readonly cilium?: string;
  /** Keys of `cilium-config`, or values of Cilium's Helm chart. */
  readonly config?: AgentConfig | JsonObject;
  /** Values of placeholders such as `${VAR}`, by name. */
  readonly values?: Readonly<Record<string, string>>;
  /** Files and folders with pods, nodes and services. Objects in the argument of `expect` count too. */
  readonly inventory?: readonly string[];
  /** The addresses that DNS returns, by name. */
  readonly names?: Names;
  /** Whether a name admits an address only if the DNS proxy can see a look-up of the name; otherwise names are judged as if learnt. @default true */
  readonly learn?: boolean;
}

/** Options for proofs. Options that are omitted are read from the settings file, `cdk8s-cilium.yaml`. */
export interface ProofOptions extends VerdictOptions {
  /**
   * The policies before a change, of the same forms as the argument of `expect`, for the properties `opens-only` and `closes-only`.
   *
   * @default - properties about a change are rejected
   */
  readonly base?: unknown;
}

/** Options for checks. Options that are omitted are read from the settings file, `cdk8s-cilium.yaml`. */
export interface CleanOptions {
  readonly cilium?: string;
  readonly config?: AgentConfig | JsonObject;
  /** Values of placeholders such as `${VAR}`, by name. */
  readonly values?: Readonly<Record<string, string>>;
  /** Files and folders with the objects of a cluster, for the checks CIL5xx. @default - the inventory of the settings file, or none */
  readonly inventory?: string | readonly string[];
  /** Whether warnings also fail. @default false */
  readonly warnings?: boolean;
  /** Codes of checks, or prefixes such as `CIL2`: only these checks run. */
  readonly select?: readonly string[];
  /** Codes of checks, or prefixes: these checks do not run. */
  readonly ignore?: readonly string[];
}

/** The result of a matcher. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
  /** What to know before relying on a verdict. @default - the matcher judges no flow */
  readonly warnings?: readonly WarningView[];
}

/** The matchers themselves, for test setups that extend `expect` on their own. */
export const matchers = {
  /** Passes if Cilium would allow the flow on both sides, and the request on it. The verdict `unknown` fails. */
  toAllow(this: unknown, received: unknown, flow: ExpectedFlow, options: VerdictOptions = {}): MatcherResult {
    return judged(received, flow, options, 'allowed', isNegated(this));
  },
  /** Passes if Cilium would deny the flow, or the request on it. The verdict `unknown` fails. */
  toDeny(this: unknown, received: unknown, flow: ExpectedFlow, options: VerdictOptions = {}): MatcherResult {
    return judged(received, flow, options, 'denied', isNegated(this));
  },
  /**
   * Passes if the policies let nothing pass that others, of the same forms as the argument of `expect`, do not, between pods that are given and pods
   * that could exist. What may open fails too.
   */
  toOpenNothingComparedTo(received: unknown, before: unknown, options: VerdictOptions = {}): MatcherResult {
    const [old, now] = [verdictsOver(before, options), verdictsOver(received, options)];
    const view = changesView(compared(expectParsed(openComparison(old, now, MOST_COMPARED))), now.inventory);
    const opening = { ...view, changes: view.changes.filter(({ may }) => may.includes('open')) };
    return {
      pass: opening.changes.length === 0,
      message: () =>
        opening.changes.length === 0
          ? 'expected something to be opened, but nothing is'
          : `expected nothing to be opened\n${changesText(opening)}`,
      warnings: now.warnings.map(warningView),
    };
  },
  /**
   * Passes if the policies have all properties, which are a file or an object of the same form, for pods that are given and pods that could exist. A
   * property that is unknown fails.
   */
  toSatisfy(
    this: unknown,
    received: unknown,
    properties: string | WrittenProperties,
    { base, ...options }: ProofOptions = {},
  ): MatcherResult {
    const { snapshot, verdicts } = openedOver(received, options);
    const before = base === undefined ? undefined : openedOver(base, options).snapshot;
    const asked = expectParsed(typeof properties === 'string' ? readPropertyFile(properties) : parseProperties(properties));
    const proofs = expectParsed(proofsOf(snapshot, asked, { mostPossible: MOST_COMPARED, base: before }));
    const isNot = isNegated(this);
    const isUnknown = proofs.some(({ is }) => is === 'unknown');
    return {
      // `unknown` fails with and without `.not`.
      pass: isUnknown ? isNot : proofs.every(({ is }) => is === 'holds'),
      message: () => `expected the properties ${isNot ? 'not ' : ''}to hold\n${proofsText(proofs)}`,
      warnings: verdicts.warnings.map(warningView),
    };
  },
  /** Passes if no check finds an error. */
  toBeClean(received: unknown, options: CleanOptions = {}): MatcherResult {
    const { warnings = false, ...values } = options;
    const settings = settingsOf(received, values, ['cilium', 'config', 'values', 'inventory', 'warnings', 'select', 'ignore']);
    const { diagnostics } = checkSnapshot(expectInventory(openWithInventory(expectDocuments(readOf(received, settings)), settings)));
    const fatal = diagnostics.filter(
      ({ severity, allowed }) => allowed === undefined && (severity === 'error' || (warnings && severity === 'warning')),
    );
    const lines = fatal
      .map(findingText)
      .map(({ place, code, name, words, help }) => printable(`${place}: ${code} ${name}: ${words}${help === null ? '' : `; ${help}`}`));
    return {
      pass: fatal.length === 0,
      message: () =>
        fatal.length === 0 ? 'expected findings, but there are none' : `expected no findings, but there are:\n${lines.join('\n')}`,
    };
  },
};

/** Whether the matcher is negated with `.not`. */
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
  const verdicts = verdictsOver(received, options);
  // The conversion to JSON drops members that are undefined.
  const flow = expectParsed(parseFlow(JSON.parse(JSON.stringify(written ?? null))));
  const explanation = expectParsed(byMeans(verdicts.explain(flow), OPTIONS));
  const decision = decisionOf(explanation.verdict);
  return {
    // `unknown` fails with and without `.not`.
    pass: decision === 'unknown' ? isNot : decision === expected,
    message: () => {
      const warnings = verdicts.warnings.map((warning) => `${printable(warningText(warning))}\n`);
      return `expected the flow ${isNot ? 'not ' : ''}to be ${expected}\n${verdictText(flow, explanation, true)}${warnings.join('')}`;
    },
    warnings: verdicts.warnings.map(warningView),
  };
}

/** Cached, because a test file asks many verdicts of the same policies. */
const opened = new Map<string, Opened>();
const MOST_KEPT = 16;

interface Opened {
  readonly snapshot: Snapshot;
  readonly verdicts: Verdicts;
}

function verdictsOver(received: unknown, options: VerdictOptions): Verdicts {
  return openedOver(received, options).verdicts;
}

/** Input that cannot be read is an error, because it could be a policy. */
function openedOver(received: unknown, options: VerdictOptions): Opened {
  const settings = settingsOf(received, options, ['cilium', 'config', 'values', 'inventory', 'names', 'learn']);
  // The texts are part of the key, because files may change between two expectations.
  const sources = [...(typeof received === 'string' ? readPaths([received], settings) : []), ...readPaths(settings.inventory)];
  const texts = sources.map(({ name, text }) => [name, text]);
  const key = JSON.stringify([typeof received === 'string' ? received : objectsOf(received), settings, texts]);
  const found = opened.get(key) ?? openAnew(received, settings);
  if (opened.size >= MOST_KEPT) {
    opened.clear();
  }
  opened.set(key, found);
  return found;
}

/** Options win over what a `Cluster` says of itself. */
function settingsOf(received: unknown, options: Values, known: readonly string[]): Settings {
  expectParsed(refuseUnknown('option', Object.keys(options), known));
  return expectParsed(settleHere(CODES, isConstruct(received) ? withCluster(received, options) : options));
}

function openAnew(received: unknown, settings: Settings): Opened {
  const found = openWithInventory(expectDocuments(readOf(received, settings)), settings);
  return { snapshot: found.snapshot, verdicts: expectVerdicts(found) };
}

/** An expectation about nothing would always hold. */
function expectDocuments(read: Read): Read {
  if (read.documents === 0 && read.unchecked === 0) {
    throw new Error('there are no objects to judge');
  }
  expectNoSkipped(read);
  return read;
}

function readOf(received: unknown, settings: Settings): Read {
  return typeof received === 'string'
    ? readSources(readPaths([received], settings), settings)
    : readObjects('objects', objectsOf(received), settings);
}

function objectsOf(received: unknown): ReturnType<typeof manifestsBelow> {
  if (Array.isArray(received)) {
    const wrong = received.findIndex((value) => !isObject(value));
    if (wrong >= 0) {
      throw new Error(`item ${wrong} must be an object, not ${kindOf(received[wrong])}`);
    }
    return received.map((value) => ({ value: asObject(value) }));
  }
  if (!isConstruct(received)) {
    throw new Error('expected a construct, a list of objects or a path');
  }
  return manifestsBelow(received);
}

function isConstruct(received: unknown): received is IConstruct {
  return typeof (asObject(received) as Partial<IConstruct>).node?.findAll === 'function';
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the only way to extend jest's types
  namespace jest {
    interface Matchers<R> {
      /** Passes if Cilium would allow the flow on both sides, and the request on it. The verdict `unknown` fails. */
      toAllow(flow: ExpectedFlow, options?: VerdictOptions): R;
      /** Passes if Cilium would deny the flow, or the request on it. The verdict `unknown` fails. */
      toDeny(flow: ExpectedFlow, options?: VerdictOptions): R;
      /** Passes if no check finds an error. */
      toBeClean(options?: CleanOptions): R;
      /** Passes if the policies have all properties, for pods that are given and pods that could exist. */
      toSatisfy(properties: string | WrittenProperties, options?: ProofOptions): R;
      /** Passes if the policies let nothing pass that others do not. What may open fails too. */
      toOpenNothingComparedTo(before: unknown, options?: VerdictOptions): R;
    }
  }
}

/** The `expect` of jest or of a compatible test runner. */
const { expect: runner } = globalThis as { readonly expect?: { extend(given: typeof matchers): void } };
runner?.extend(matchers);
