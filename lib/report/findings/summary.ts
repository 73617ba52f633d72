import type { Run } from '../../checks/check-texts';
import { minorsText } from '../../settings/minors';
import { lineOf } from '../verdicts/line';
import { PASSED_OVER } from '../verdicts/warnings';
import type { Report, Summary } from './report';
import { countsIn } from './sets';

/** The report of a run. */
export function reportOf({ read, settings, diagnostics, notAsked }: Run, version: string): Report {
  const summary: Summary = {
    files: read.sources.filter(({ text, problem }) => text !== undefined || problem !== undefined).length,
    documents: read.documents,
    policies: read.policies.length,
    ...countsIn(diagnostics),
    unchecked: read.unchecked,
    notChecked: read.passedOver.map(({ is, origin }) => `${lineOf(origin) ?? origin.document.source.name}: ${PASSED_OVER[is]}`),
    excluded: read.sources.flatMap(({ name, excludedBy }) => (excludedBy === undefined ? [] : [`${name} (${excludedBy})`])),
    skipped: read.sources.filter(({ isSkipped }) => isSkipped).map(({ name }) => name),
    notAsked,
  };
  return {
    tool: { name: 'cdk8s-cilium', version },
    cilium: minorsText(settings.minors),
    settings: settings.file ?? null,
    summary,
    diagnostics,
  };
}
