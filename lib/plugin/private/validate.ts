import { checkSources } from '../../checks/check-texts';
import { CODES } from '../../checks/registry';
import type { Diagnostic } from '../../model/diagnostic';
import { isObject } from '../../model/json';
import type { Resource } from '../../model/origin';
import { Parsed, refusalOf, refused } from '../../net/parsed';
import { printable } from '../../net/printable';
import { readPaths } from '../../read/files';
import { reportOf } from '../../report/findings/summary';
import { DiagnosticView, viewOf } from '../../report/findings/view';
import { settleHere } from '../../settings/file';
import { refuseUnknown, Settings } from '../../settings/settings';
import type { ValidationContext } from './validation-context';

const KNOWN = ['cilium', 'config', 'namespace', 'select', 'ignore', 'maxWarnings'];

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

/** Checks the manifests and submits the report: errors are violations, warnings are logged. */
export function validateManifests({ manifests, logger, report }: ValidationContext, given: unknown): void {
  const settings = settingsOf(given);
  const run = checkSources(readPaths(manifests), settings);
  const { summary, cilium } = reportOf(run, '');
  const isTooMany = summary.warnings > settings.maxWarnings;
  const names = ambiguousNames([...run.read.policies, ...run.read.others]);
  for (const diagnostic of run.diagnostics.filter(({ allowed }) => allowed === undefined)) {
    const view = viewOf(diagnostic);
    if (view.severity === 'error' || (isTooMany && view.severity === 'warning')) {
      report.addViolation(violationOf(view, diagnostic, names));
    } else {
      logger.log(printable(`${view.severity} ${view.code} ${view.name}: ${view.message} (${view.file}:${view.line ?? 1})`));
    }
  }
  const { policies, errors, warnings, suppressed } = summary;
  report.submit(errors > 0 || isTooMany ? 'failure' : 'success', {
    ...{ Cilium: cilium, policies: String(policies), errors: String(errors), warnings: String(warnings), allowed: String(suppressed) },
    ...(settings.file !== undefined && { settings: printable(settings.file) }),
  });
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
