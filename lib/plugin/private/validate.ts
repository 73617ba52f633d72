import { checkSources, RunOptions } from '../../checks/check-sources';
import { parseOptions } from '../../checks/options';
import type { Diagnostic } from '../../model/diagnostic';
import { isObject, Json, JsonObject } from '../../model/json';
import type { Resource } from '../../model/origin';
import { nearest } from '../../net/nearest';
import { accepted, Parsed, refused } from '../../net/parsed';
import { parseKeys } from '../../read/config';
import { readPaths } from '../../read/files';
import { findSettings, minorText, Settings } from '../../read/settings';
import { reportOf } from '../../report/summary';
import { DiagnosticView, viewOf } from '../../report/view';

interface Context {
  readonly manifests: readonly string[];
  readonly logger: { log(message: string): void };
  readonly report: {
    addViolation(violation: object): void;
    submit(status: 'success' | 'failure', metadata?: Readonly<Record<string, string>>): void;
  };
}

export interface Properties {
  readonly options: RunOptions;
  readonly maxWarnings: number;
}

const KNOWN = ['cilium', 'config', 'namespace', 'select', 'ignore', 'maxWarnings'];

/** Reads the properties in `cdk8s.yaml`; throws if they are not valid. */
export function parseProperties(properties: unknown): Properties {
  const parsed = parse(properties);
  if (!parsed.ok) {
    throw new Error(`CiliumPolicyValidation: ${parsed.problem}${parsed.help === undefined ? '' : `; ${parsed.help}`}`);
  }
  return parsed.value;
}

function parse(properties: unknown): Parsed<Properties> {
  const settings = findSettings('.');
  if (!isObject(properties) || !settings.ok) {
    return settings.ok ? refused('the properties are no mapping') : settings;
  }
  const unknown = Object.keys(properties).find((key) => !KNOWN.includes(key));
  if (unknown !== undefined) {
    const guess = nearest(unknown, KNOWN);
    return refused(`unknown property \`${unknown}\``, guess === undefined ? `known are ${KNOWN.join(', ')}` : `did you mean \`${guess}\`?`);
  }
  const { maxWarnings = Infinity, config } = properties;
  const keys = config === undefined ? accepted({}) : parseKeys(config);
  if (typeof maxWarnings !== 'number' || !keys.ok) {
    return keys.ok ? refused('`maxWarnings` is no number') : keys;
  }
  const options = parseOptions({ ...settings.value, ...settingsOf(properties), ...(config !== undefined && { config: keys.value }) });
  return options.ok ? accepted({ options: options.value, maxWarnings }) : options;
}

function settingsOf({ cilium, namespace, select, ignore }: JsonObject): Settings {
  const texts = (value: Json | undefined) => [value ?? ''].flat().map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
  return {
    ...(cilium !== undefined && { cilium: minorText(cilium) }),
    ...(typeof namespace === 'string' && { namespace }),
    ...(select !== undefined && { select: texts(select) }),
    ...(ignore !== undefined && { ignore: texts(ignore) }),
  };
}

/** Checks the manifests and submits the report: errors are violations, warnings are logged. */
export function validateManifests({ manifests, logger, report }: Context, given: unknown): void {
  const { options, maxWarnings } = parseProperties(given);
  const run = checkSources(readPaths(manifests), options);
  const { summary, cilium } = reportOf(run, '');
  const isTooMany = summary.warnings > maxWarnings;
  const names = ambiguousNames([...run.read.policies, ...run.read.others]);
  for (const diagnostic of run.diagnostics.filter(({ allowed }) => allowed === undefined)) {
    const view = viewOf(diagnostic);
    if (view.severity === 'error' || (isTooMany && view.severity === 'warning')) {
      report.addViolation(violationOf(view, diagnostic, names));
    } else {
      logger.log(`${view.severity} ${view.code} ${view.name}: ${view.message} (${view.file}:${view.line ?? 1})`);
    }
  }
  const { policies, errors, warnings, suppressed } = summary;
  report.submit(errors > 0 || isTooMany ? 'failure' : 'success', {
    ...{ Cilium: cilium, policies: String(policies), errors: String(errors), warnings: String(warnings), allowed: String(suppressed) },
  });
}

/** The command line finds constructs by the names of their objects only. If two objects have the same name, it cannot tell which is meant. */
function ambiguousNames(resources: readonly Resource[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(resources.map(({ name }) => name).filter((name) => seen.has(name) || !seen.add(name)));
}

function violationOf(view: DiagnosticView, { origin }: Diagnostic, ambiguous: ReadonlySet<string>): object {
  const { code, name, message, help, path, line, docs, resource } = view;
  const place = `${path === '' ? '/' : path}${line === null ? '' : ` (line ${line})`}`;
  return {
    ruleName: `${code} ${name}`,
    recommendation: message,
    fix: help === null ? docs : `${help} (${docs})`,
    violatingResources: [
      {
        resourceName: resource === null ? origin.document.source.name : resourceName(resource, ambiguous),
        locations: [place],
        manifestPath: view.file ?? '',
      },
    ],
  };
}

function resourceName({ kind, namespace, name }: NonNullable<DiagnosticView['resource']>, ambiguous: ReadonlySet<string>): string {
  return ambiguous.has(name)
    ? `${kind} ${namespace === null ? '' : `${namespace}/`}${name} (ambiguous: several objects are called ${name})`
    : name;
}
