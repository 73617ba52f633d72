/** Markdown for a comment on a pull request: a table of the findings, and a collapsed table of the suppressed findings. */
import { printable } from '../../net/printable';
import type { Renderer } from './report';
import { allowedOf, countsOf, summaryOf, FindingText, findingText } from './words';

export const markdown: Renderer = (report, options) => {
  const { tool, diagnostics, summary } = report;
  const all = diagnostics.map(findingText);
  const [open, allowed] = [all.filter((one) => one.allowed === null), all.filter((one) => one.allowed !== null)];
  const parts = [
    `## ${tool.name}: ${countsOf(summary)}`,
    ...(open.length === 0 ? [] : [table(['severity', 'check', 'place', 'message', 'help'], open.map(rowOfOpen))]),
    `${prose(summaryOf(report, options).join('; '))}.`,
    ...(allowed.length === 0
      ? []
      : [
          `<details>\n<summary>${allowedOf(summary)}</summary>`,
          table(['check', 'place', 'message', 'reason'], allowed.map(rowOfAllowed)),
          '</details>',
        ]),
  ];
  return `${parts.join('\n\n')}\n`;
};

function rowOfOpen(finding: FindingText): readonly string[] {
  return [finding.severity, linkOf(finding), placeOf(finding), prose(finding.words), prose(finding.help ?? '')];
}

function rowOfAllowed(finding: FindingText): readonly string[] {
  return [linkOf(finding), placeOf(finding), prose(finding.words), prose(finding.allowed ?? '')];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function linkOf({ code, name, docs }: FindingText): string {
  return `[${code}](${docs}) ${name}`;
}

function placeOf({ place, owner }: FindingText): string {
  return [place, ...(owner === '' ? [] : [owner])].map(code).join('<br>');
}

/** Converts the quotations of a message to code. */
function prose(text: string): string {
  const parts = text.split(/`([^`]*)`/);
  return parts.map((part, i) => (i % 2 === 0 ? plain(part) : code(part))).join('');
}

/** A code span in backticks could not hold a backslash before a pipe, so code is HTML, in which GitHub still links addresses. */
function code(text: string): string {
  return `<code>${escaped(text).replace(ADDRESS, `$&${NOTHING}`)}</code>`;
}

/** A text of the user may have backticks, so that a part of it stands outside of the code: it mentions nobody and links nothing either. */
function plain(text: string): string {
  return escaped(text).replace(ADDRESS, `$&${NOTHING}`).replace(REFERENCE, `$&${NOTHING}`);
}

/** An invisible space. */
const NOTHING = '&#8203;';

/** The beginnings of what GitHub turns into links. Source: GFM, Autolinks (extension); docs.github.com, Autolinked references and URLs. */
const ADDRESS = /@|\b(?:https?|ftp)(?=:\/\/)|\b(?:mailto|xmpp)(?=:)|\bwww(?=\.)/gi;
const REFERENCE = /&#35;(?=\w)|\bGH(?=-\d)/gi;

/** Replaces special characters with numeric references, which are never markup. Source: CommonMark 6.4, Entity and numeric character references. */
function escaped(text: string): string {
  return printable(text).replace(/[&<>|`*_~[\]\\$"#!]/g, (char) => `&#${char.codePointAt(0)};`);
}
