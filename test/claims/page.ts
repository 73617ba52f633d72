/** Generates the page conformance/claims.md from the claims. */
import { asObject, JsonObject } from '../../lib/model/json';
import { Claim, Page, Question, Unasked } from './claim';
import { PAGES } from './pages';

const INTRODUCTION = `# Claims

This page lists sentences of Cilium's documentation that state a fact about policies, DNS, Services, the host firewall or cluster mesh, in our words, each with a question to the engine and its answer. Places are file and line below \`Documentation/\` of Cilium 1.20.2.

An answer is the decision of the source's side, \`→\`, and that of the destination's side. Three answers are those of 1.18, 1.19 and 1.20. A mark is one of these:

- **agrees**: the answer is what the documentation says.
- **documentation**: the documentation is wrong or imprecise. The answer is that of Cilium's code, which is named.
- **open**: the answer of this project is wrong, or says less than it could.
- **not judged**: nothing that the engine answers depends on it.

\`npm run conformance:claims\` generates the page from \`test/claims/\`, where every row has its whole cluster. A test asks every question again, and compares the page.
`;

export function claimsPage(): string {
  return [INTRODUCTION, countsTable(), ...PAGES.map(section)].join('\n');
}

function countsTable(): string {
  const marks = PAGES.flatMap(({ claims }) => claims).map(markOf);
  const rows = [...new Set(marks)].sort().map((mark) => `| ${mark} | ${marks.filter((one) => one === mark).length} |`);
  return `| mark | rows |\n| --- | --- |\n${rows.join('\n')}\n| all | ${marks.length} |\n`;
}

function section({ title, claims }: Page): string {
  const head = '| place | claim | asked | answer | mark |\n| --- | --- | --- | --- | --- |';
  return `## ${title}\n\n${head}\n${claims.map(row).join('\n')}\n`;
}

function row(one: Claim | Unasked): string {
  const cells =
    'why' in one
      ? [one.at, one.says, '', '', `${markOf(one)}: ${one.why}`]
      : [one.at, one.says, questionText(one.question), answerText(one.answer), `${markOf(one)}${reasonOf(one)}`];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function markOf(one: Claim | Unasked): string {
  return 'why' in one ? 'not judged' : one.mark.is === 'differs' ? 'documentation' : one.mark.is;
}

function reasonOf({ mark }: Claim): string {
  return mark.is === 'agrees' ? '' : `: ${mark.because}`;
}

function answerText(answer: Claim['answer']): string {
  return typeof answer === 'string' ? answer : answer.map((text, i) => `1.${18 + i}: ${text}`).join('<br>');
}

/** The question in short: the rules, and the flow. */
function questionText(question: Claim['question']): string {
  if (question.is === 'validate') {
    return code(specText(question.object));
  }
  const rules = question.objects.filter(isPolicy).map(specText).map(code);
  const config = Object.entries(question.config).map(([key, value]) => code(`${key}: ${value}`));
  return [...rules, ...config, code(flowText(question))].join('<br>');
}

function isPolicy({ kind }: JsonObject): boolean {
  return textOf(kind).endsWith('Policy');
}

function specText({ spec, specs }: JsonObject): string {
  const text = shortText(spec ?? specs);
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}

/** An object as YAML on one line. */
function shortText(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(shortText).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => `${key}: ${shortText(member)}`);
    return `{${members.join(', ')}}`;
  }
  return value === '' ? "''" : String(value);
}

function flowText({ flow }: Question): string {
  const { from, to, port, protocol, type, code: icmpCode, http, dns, sni } = flow;
  const traffic = [port ?? type, icmpCode, protocol].map(textOf).filter((part) => part !== '');
  const { method, path, headers } = asObject(http);
  const request = http === undefined ? '' : ` ${textOf(method)} ${textOf(path)} ${shortText(headers)}`.replace(' {}', '');
  const named = [dns, sni].flatMap((name) => (name === undefined ? [] : [` for ${textOf(name)}`]));
  return `${textOf(from)} → ${textOf(to)} ${traffic.join('/')}${request}${named.join('')}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : '';
}

function code(text: string): string {
  return `\`${text}\``;
}
