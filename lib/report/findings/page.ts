/** The page of a check, and the catalogue of all checks, in Markdown for docs/checks and for `explain`. */
import type { Example } from '../../admission/check';
import type { Check } from '../../checks/check';
import { MINORS } from '../../crd/minor';

/** The page of one check. */
export function pageOf(check: Check): string {
  const { code, name, severity, stage, minors, summary, why, source, bad, good } = check;
  const parts = [
    `# ${code} ${name}`,
    `${capital(summary)}.`,
    why,
    ...example('Reported', bad),
    ...example('Accepted', good),
    ...('limits' in check ? ['## Known limits', check.limits] : []),
    [`- Severity: ${severity}`, `- Stage: \`${stage}\``, `- Cilium: ${(minors ?? MINORS).join(', ')}`, `- Source: ${source}`].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

function example(title: string, { yaml, shown = yaml, config, cilium }: Example): string[] {
  if (yaml === '') {
    return [];
  }
  const settings = Object.entries(config ?? {}).map(([key, value]) => `\`${key}: ${value}\``);
  const under = [
    ...(cilium === undefined ? [] : [`in Cilium ${cilium}`]),
    ...(settings.length === 0 ? [] : [`with ${settings.join(', ')}`]),
  ];
  return [`## ${title}${under.length === 0 ? '' : `, ${under.join(' ')}`}`, `\`\`\`yaml\n${shown}\`\`\``];
}

/** A table of all checks. */
export function catalogue(checks: readonly Check[]): string {
  const rows = checks.map(
    ({ code, name, severity, stage, summary }) => `| [${code}](${code}.md) | ${name} | ${severity} | ${stage} | ${summary} |`,
  );
  return ['# Checks', '', '| code | name | severity | stage | what it finds |', '| --- | --- | --- | --- | --- |', ...rows, ''].join('\n');
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
