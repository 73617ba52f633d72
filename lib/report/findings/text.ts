/** Text for a terminal: each finding with the source lines around it, and the counts at the end. */
import pico from 'picocolors';
import type { Diagnostic } from '../../model/diagnostic';
import { isPrivate } from '../../model/origin';
import { printable } from '../../net/printable';
import type { Renderer, Report } from './report';
import { windowOf } from './window';
import { summaryOf, FindingText, findingText } from './words';

type Colors = ReturnType<typeof pico.createColors>;

export const text: Renderer = (report, { color, isVerbose }) => {
  const colors = pico.createColors(color);
  const blocks = report.diagnostics.map((diagnostic) =>
    diagnostic.allowed === undefined ? blockOf(diagnostic, colors) : [allowedLine(findingText(diagnostic), colors)],
  );
  const [counts, ...remarks] = summaryOf(report, { isVerbose });
  return [...spaced(blocks), colors.bold(counts), ...[...remarks, ...notAskedLine(report)].map(printable), ''].join('\n');
};

/** Only a person at a terminal is told: where a check runs each night, nobody wants to read it each time. */
function notAskedLine({ summary: { notAsked } }: Report): readonly string[] {
  return notAsked.length === 0
    ? []
    : ['the checks CIL5xx were not asked: they need the objects of a cluster, given with `--inventory` and not behind a link'];
}

/** What a repository allows itself, on one line with its reason. */
function allowedLine({ place, code, name, words, allowed }: FindingText, colors: Colors): string {
  return `${colors.bold(printable(place))}  ${colors.dim('allowed')} ${code} ${name}  ${printable(`${words}; reason: ${allowed}`)}`;
}

/** Adds an empty line after each block, except between two one-line blocks. */
function spaced(blocks: readonly (readonly string[])[]): readonly string[] {
  return blocks.flatMap((block, i) => [...block, ...(block.length === 1 && blocks.at(i + 1)?.length === 1 ? [] : [''])]);
}

function blockOf(diagnostic: Diagnostic, colors: Colors): readonly string[] {
  const finding = findingText(diagnostic);
  const head = `${colors.bold(printable(finding.place))}  ${painted(finding, colors)(finding.severity)} ${finding.code} ${finding.name}`;
  if (finding.severity === 'info') {
    return [`${head}  ${printable(finding.words)}`];
  }
  return [
    head,
    `  ${printable(finding.words)}`,
    ...sourceOf(diagnostic, finding, colors),
    ...(finding.help === null ? [] : [`  ${colors.cyan('help:')} ${printable(finding.help)}`]),
    ...(finding.owner === '' ? [] : [`  ${printable(finding.owner)}`]),
  ];
}

function sourceOf({ origin, place }: Diagnostic, finding: FindingText, colors: Colors): readonly string[] {
  const { text: source } = origin.document.source;
  if (place === undefined || source === undefined || isPrivate(origin)) {
    return [];
  }
  const width = String(place.line + 1).length;
  return windowOf(source, place).map((line) => {
    const gutter = colors.dim(`  ${String(line.number ?? '').padStart(width)} |`);
    const shown = line.number === undefined ? painted(finding, colors)(line.text) : line.text;
    return shown === '' ? gutter : `${gutter} ${shown}`;
  });
}

function painted({ severity }: FindingText, colors: Colors): (text: string) => string {
  return { error: colors.red, warning: colors.yellow, info: colors.blue }[severity];
}
