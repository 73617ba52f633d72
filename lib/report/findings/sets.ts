/** One report of several sets of manifests, each of which was checked alone. */
import type { Diagnostic } from '../../model/diagnostic';
import { pointer } from '../../model/path';
import type { Report, Summary } from './report';

/** The report of one set, with its name. */
export interface NamedReport {
  readonly name: string;
  readonly report: Report;
}

/** A finding that several sets have at the same place is one finding. There is at least one report. */
export function joined(reports: readonly NamedReport[]): Report {
  const [{ report: first }] = reports;
  const minors = [...new Set(reports.map(({ report }) => report.cilium))];
  const diagnostics = joinedFindings(reports);
  return {
    ...first,
    cilium: minors.join(', '),
    summary: { ...reports.map(({ report }) => report.summary).reduce(sum), ...countsIn(diagnostics) },
    diagnostics,
  };
}

function joinedFindings(reports: readonly NamedReport[]): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic & { readonly sets: string[] }>();
  for (const { name, report } of reports) {
    for (const diagnostic of report.diagnostics) {
      const { code, message, origin, allowed, place, cilium } = diagnostic;
      const key = JSON.stringify([
        origin.document.source.name,
        origin.document.index,
        place,
        pointer(origin.path),
        code,
        message,
        allowed,
        cilium,
      ]);
      const known = found.get(key);
      known?.sets.push(name);
      found.set(key, known ?? { ...diagnostic, sets: [name] });
    }
  }
  return inOrder([...found.values()]);
}

/** The files in the order in which they were found, and the findings in the order of the file. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const names = [...new Set(diagnostics.map(({ origin }) => origin.document.source.name))];
  const order = new Map(names.map((name, i) => [name, i]));
  const keyOf = ({ origin: { document }, place }: Diagnostic) => [
    order.get(document.source.name)!,
    document.index,
    place?.line ?? 0,
    place?.column ?? 0,
  ];
  return diagnostics
    .map((diagnostic) => ({ diagnostic, key: keyOf(diagnostic) }))
    .sort((a, b) => a.key.map((one, i) => one - b.key[i]).find((one) => one !== 0) ?? 0)
    .map(({ diagnostic }) => diagnostic);
}

/** How many findings there are of each severity; suppressed ones count only as such. */
export function countsIn(diagnostics: readonly Diagnostic[]): Pick<Summary, 'errors' | 'warnings' | 'infos' | 'suppressed'> {
  const open = diagnostics.filter(({ allowed }) => allowed === undefined);
  const count = (severity: string) => open.filter((diagnostic) => diagnostic.severity === severity).length;
  return { errors: count('error'), warnings: count('warning'), infos: count('info'), suppressed: diagnostics.length - open.length };
}

function sum(a: Summary, b: Summary): Summary {
  return {
    ...a,
    files: a.files + b.files,
    documents: a.documents + b.documents,
    policies: a.policies + b.policies,
    unchecked: a.unchecked + b.unchecked,
    notChecked: [...new Set([...a.notChecked, ...b.notChecked])],
    skipped: [...new Set([...a.skipped, ...b.skipped])],
    excluded: [...new Set([...a.excluded, ...b.excluded])],
    notAsked: [...new Set([...a.notAsked, ...b.notAsked])],
  };
}
