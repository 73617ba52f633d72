import { checkSnapshot } from '../../checks/check-texts';
import type { Run } from '../../checks/check-texts';
import { CODES } from '../../checks/registry';
import type { Diagnostic } from '../../model/diagnostic';
import { asObject, isObject } from '../../model/json';
import type { Resource } from '../../model/origin';
import { Parsed, refusalOf, refused } from '../../net/parsed';
import { printable } from '../../net/printable';
import { readPaths } from '../../read/files';
import { readSources } from '../../read/read';
import { reportOf } from '../../report/findings/summary';
import { DiagnosticView, viewOf } from '../../report/findings/view';
import { expectInventory } from '../../report/verdicts/warnings';
import { settleHere } from '../../settings/file';
import { refuseUnknown, Settings } from '../../settings/settings';
import { openWithInventory } from '../../snapshot/from-files';
import { clustersIn } from './clusters';
import type { ValidationContext } from './validation-context';

const KNOWN = ['cilium', 'config', 'inventory', 'namespace', 'values', 'select', 'ignore', 'maxWarnings'];

/** Reads the properties in `cdk8s.yaml`, which override the settings file. Throws if they are not valid. */
export function settingsOf(properties: unknown): Settings {
  const settings = settled(properties);
  if (!settings.ok) {
    throw new Error(printable(`CiliumPolicyValidation: ${refusalOf(settings)}`));
  }
  return settings.value;
}

function settled(properties: unknown): Parsed<Settings> {
  if (!isObject(properties)) {
    return refused('the properties must be a mapping');
  }
  const unknown = refuseUnknown('property', Object.keys(properties), KNOWN);
  return unknown.ok ? settleHere(CODES, properties) : unknown;
}

/**
 * Checks the manifests and submits the report: errors are violations, warnings are logged. The manifests of each `Cluster` are judged on their
 * own, for its minor; a property of the plugin wins.
 */
export function validateManifests({ manifests, logger, report }: ValidationContext, given: unknown): void {
  const parts = clustersIn(manifests).map(({ answers, manifests: some }) => {
    const settings = settingsOf({ ...answers, ...asObject(given) });
    return { settings, run: checkSnapshot(expectInventory(openWithInventory(readSources(readPaths(some), settings), settings))) };
  });
  const names = ambiguousNames(parts.flatMap(({ run }) => [...run.read.policies, ...run.read.others]));
  const summaries = parts.map((part) => submitPart(part, names, { logger, report }));
  const total = (field: 'policies' | 'errors' | 'warnings' | 'suppressed') => String(summaries.reduce((sum, one) => sum + one[field], 0));
  const { file } = settingsOf(given);
  report.submit(summaries.some(({ hasFailed }) => hasFailed) ? 'failure' : 'success', {
    Cilium: [...new Set(summaries.map(({ cilium }) => cilium))].join(', '),
    policies: total('policies'),
    errors: total('errors'),
    warnings: total('warnings'),
    allowed: total('suppressed'),
    ...(file !== undefined && { settings: printable(file) }),
  });
}

/** Submits the findings of one cluster, and returns their numbers. */
function submitPart(
  { settings, run }: { settings: Settings; run: Run },
  names: ReadonlySet<string>,
  to: Omit<ValidationContext, 'manifests'>,
) {
  const { logger, report } = to;
  const { summary, cilium } = reportOf(run, '');
  const isTooMany = summary.warnings > settings.maxWarnings;
  for (const diagnostic of run.diagnostics.filter(({ allowed }) => allowed === undefined)) {
    const view = viewOf(diagnostic);
    if (view.severity === 'error' || (isTooMany && view.severity === 'warning')) {
      report.addViolation(violationOf(view, diagnostic, names));
    } else {
      logger.log(printable(`${view.severity} ${view.code} ${view.name}: ${view.message} (${view.file}:${view.line ?? 1})`));
    }
  }
  return { ...summary, cilium, hasFailed: summary.errors > 0 || isTooMany };
}

/** The names that several objects have. The cdk8s command line finds constructs only by these names, so it cannot tell such objects apart. */
function ambiguousNames(resources: readonly Resource[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(resources.map(({ name }) => name).filter((name) => seen.has(name) || !seen.add(name)));
}

function violationOf(view: DiagnosticView, { origin }: Diagnostic, ambiguous: ReadonlySet<string>): object {
  const { code, name, message, help, path, line, docs, resource } = view;
  const place = `${path === '' ? '/' : path}${line === null ? '' : ` (line ${line})`}`;
  const resourceName = resource === null ? origin.document.source.name : nameOf(resource, ambiguous);
  return {
    ruleName: `${code} ${name}`,
    recommendation: printable(message),
    fix: printable(help === null ? docs : `${help} (${docs})`),
    violatingResources: [
      { resourceName: printable(resourceName), locations: [printable(place)], manifestPath: printable(view.file ?? '') },
    ],
  };
}

function nameOf({ kind, namespace, name }: NonNullable<DiagnosticView['resource']>, ambiguous: ReadonlySet<string>): string {
  return ambiguous.has(name)
    ? `${kind} ${namespace === null ? '' : `${namespace}/`}${name} (ambiguous: several objects have the name ${name})`
    : name;
}
