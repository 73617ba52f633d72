/**
 * SARIF 2.1.0, which GitHub's code scanning and editors read.
 *
 * Source: docs.oasis-open.org/sarif/sarif/v2.1.0.
 */
import { createHash } from 'node:crypto';
import { isAbsolute, normalize, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Location, Log, ReportingDescriptor, Result, Run } from 'sarif';
import { checkOf } from '../../checks/registry';
import type { Severity } from '../../model/diagnostic';
import { safeJson } from '../../net/printable';
import { pageOf } from './page';
import { docsOf, Renderer } from './report';
import { FindingText, findingText } from './words';

export const sarif: Renderer = ({ tool, cilium, settings, summary, diagnostics }) => {
  const findings = diagnostics.map(findingText);
  const rules = [...new Map(findings.map((one) => [one.code, one])).values()];
  const indices = new Map(rules.map(({ code }, index) => [code, index]));
  const run: Run = {
    tool: {
      driver: {
        name: tool.name,
        version: tool.version,
        informationUri: 'https://github.com/cdk8s-cilium/cdk8s-cilium',
        rules: rules.map(ruleOf),
      },
    },
    columnKind: 'utf16CodeUnits',
    properties: { cilium, settings, summary },
    results: findings.map((one) => ({ ruleId: one.code, ruleIndex: indices.get(one.code), ...resultOf(one) })),
  };
  const log: Log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${safeJson(log, 2)}\n`;
};

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Readonly<Record<Severity, string>>;

function ruleOf({ code, name, severity, stage }: FindingText): ReportingDescriptor {
  const check = checkOf(code);
  return {
    id: code,
    name: name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    ...(check !== undefined && {
      shortDescription: { text: `${check.summary.slice(0, 1).toUpperCase()}${check.summary.slice(1)}` },
      fullDescription: { text: check.why },
      help: { text: `${check.why}\nSource: ${check.source}`, markdown: pageOf(check) },
    }),
    helpUri: docsOf(code),
    // In a comparison, a finding may be less severe than its check.
    defaultConfiguration: { level: LEVELS[check?.severity ?? severity] },
    properties: { tags: ['cilium', 'network-policy', stage] },
  };
}

function resultOf(finding: FindingText): Result {
  const { severity, words, help, allowed, cilium, line } = finding;
  return {
    level: LEVELS[severity],
    message: { text: escaped(help === null ? words : `${words}; ${help}`) },
    locations: [locationOf(finding)],
    partialFingerprints: { 'cdk8sCilium/v1': fingerprintOf(finding) },
    // Either all results have this property or none. An empty list means that the finding is not suppressed.
    suppressions: allowed === null ? [] : [{ kind: line === null ? 'external' : 'inSource', justification: allowed }],
    ...(cilium !== null && { properties: { cilium } }),
  };
}

/** Escapes text that looks like an embedded link or a placeholder: sections 3.11.6 and 3.11.5. A bracket begins a link if `](` is anywhere after it. */
function escaped(text: string): string {
  const last = text.lastIndexOf('](');
  return text.replace(/\[/g, (bracket, at: number) => (at < last ? '\\[' : bracket)).replace(/\{(\d{1,9})\}/g, '{{$1}}');
}

function locationOf({ file, line, column, endLine, endColumn, resource, constructPath }: FindingText): Location {
  const region = line === null ? {} : { region: { startLine: line, startColumn: column!, endLine: endLine!, endColumn: endColumn! } };
  const logical = [
    ...(resource === null
      ? []
      : [
          {
            name: resource.name,
            fullyQualifiedName: `${resource.kind}/${resource.namespace ?? ''}/${resource.name}`,
            kind: 'resource',
          },
        ]),
    ...(constructPath === null ? [] : [{ fullyQualifiedName: constructPath, kind: 'construct' }]),
  ];
  return {
    ...(file !== null && { physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...region } }),
    ...(logical.length > 0 && { logicalLocations: logical }),
  };
}

/** The URI of a file. It is relative for a relative path, as code scanning requires. */
function uriOf(file: string): string {
  const path = normalize(file.replace(/\p{Cs}/gu, '\ufffd'));
  return isAbsolute(path) ? pathToFileURL(path).href : path.split(sep).map(encodeURIComponent).join('/');
}

/** A hash that does not change if the policy moves to another place. A finding without a policy is identified by its file. */
function fingerprintOf({ code, resource, source, document, path }: FindingText): string {
  const owner = resource === null ? [source, document] : [resource.kind, resource.namespace, resource.name];
  return createHash('sha256')
    .update(JSON.stringify([code, ...owner, path]))
    .digest('hex');
}
