/**
 * Workflow commands that create annotations on GitHub, and a line with the counts.
 *
 * Source: docs.github.com, Workflow commands; actions/toolkit `packages/core/src/command.ts`, escapeData and escapeProperty.
 */
import { printable } from '../../net/printable';
import type { Renderer } from './report';
import { summaryOf, FindingText, findingText } from './words';

export const github: Renderer = (report, options) => {
  const findings = report.diagnostics.filter(({ allowed }) => allowed === undefined).map(findingText);
  return [...findings.map(command), printable(summaryOf(report, options).join('; ')), ''].join('\n');
};

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

function command(finding: FindingText): string {
  const { severity, file, line, column, endLine, endColumn, code, name, words, help, owner, source } = finding;
  // Standard input is not a file, so an annotation cannot refer to it.
  const place = file === null || file === '-' ? {} : { file: printable(file), line, endLine, col: column, endColumn };
  const properties = Object.entries({ ...place, title: `${code} ${name}` })
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  const where = [owner, ...(file === null ? [`at ${source}`] : [])].join(' ').trim();
  const lines = [words, ...(help === null ? [] : [`help: ${help}`]), ...(where === '' ? [] : [where])];
  return `::${COMMANDS[severity]} ${properties.join(',')}::${escapeData(lines.map(printable).join('\n'))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
