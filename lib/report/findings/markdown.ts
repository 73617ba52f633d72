/** Markdown for a comment on a pull request: a table of the findings, and a collapsed table of the suppressed findings. */
import { printable } from '../shared/printable';
import type { Renderer } from './report';
import { allowedOf, countsOf, summaryOf, FindingText, findingText } from './words';

export const markdown: Renderer = ({ tool, diagnostics, summary }) => {
  const all = diagnostics.map(findingText);
  const [open, allowed] = [all.filter((one) => one.allowed === null), all.filter((one) => one.allowed !== null)];
  const parts = [
    `## ${tool.name}: ${countsOf(summary)}`,
    ...(open.length === 0 ? [] : [table(['severity', 'check', 'place', 'message', 'help'], open.map(rowOfOpen))]),
    `${summaryOf(summary).join('; ')}.`,
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
  return [place, ...(owner === '' ? [] : [owner])].map((text) => `<code>${escaped(text)}</code>`).join('<br>');
}

/** Converts backticks to `<code>`, inside which GitHub does not mention users or link issues. */
function prose(text: string): string {
  const parts = text.split(/`([^`]*)`/);
  return parts.map((part, i) => (i % 2 === 0 ? plain(part) : `<code>${escaped(part)}</code>`)).join('');
}

/** An invisible space after each at sign, so that GitHub does not mention a user. */
function plain(text: string): string {
  return escaped(text).replaceAll('@', '@&#8203;');
}

/** Replaces special characters with numeric references, which are never markup. Source: CommonMark 6.4, Entity and numeric character references. */
function escaped(text: string): string {
  return printable(text).replace(/[&<>|`*_~[\]\\$"]/g, (char) => `&#${char.codePointAt(0)};`);
}
