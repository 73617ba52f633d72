/** Generates the page conformance/ODDITIES.md from test/generate/oddities.ts. */
import { Yaml } from 'cdk8s';
import type { Flow, Place } from '../generate/flows';
import { JsonObject } from '../generate/json';
import { ODDITIES, Oddity, RandomOddity, ValidationOddity, WorldOddity } from '../generate/oddities';
import { MINORS } from './vectors/minors';

const INTRODUCTION = `# Oddities

This page lists cases in which Cilium contradicts its documentation, Kubernetes, itself or the previous minor, with the input and the answer of each minor. This project follows the code of each minor.

\`npm run conformance:oddities\` generates the page from \`test/generate/oddities.ts\`. A test compares every answer in its tables with the recorded answer of Cilium's own code. In the policies, \`a\`, \`b\` and \`c\` are pods in the namespace \`default\`, and \`x\` is a pod in the namespace \`other\`. The label \`app\` of each pod is its name.
`;

export function odditiesPage(): string {
  return [INTRODUCTION, ...ODDITIES.map(section)].join('\n');
}

function section(oddity: Oddity): string {
  if ('world' in oddity) {
    return worldSection(oddity);
  }
  return 'validation' in oddity ? validationSection(oddity) : randomSection(oddity);
}

function randomSection({ title, text, random }: RandomOddity): string {
  return `## ${title}

${text}

${fence([typeof random === 'string' ? random : written(random)])}
`;
}

function worldSection({ title, text, world }: WorldOddity): string {
  const shown = world.objects.filter((object) => object['kind'] !== 'Pod' || hasMore(object)).map(written);
  const expected = world.expected === 'error' ? [] : world.expected;
  const rows = world.flows.map((flow, i) => [flowText(flow), ...MINORS.map((minor) => outcome(expected[i][minor] ?? expected[i]['*']))]);
  return `## ${title}

${text}
${configText(world.config)}${namesText(world.names)}
${fence(shown)}

${table(['flow', ...MINORS], rows)}
`;
}

/** Whether a pod has more than the label with its name. */
function hasMore(object: JsonObject): boolean {
  const { labels } = object['metadata'] as { labels: object };
  return JSON.stringify(object).includes('containerPort') || Object.keys(labels).length > 1;
}

function validationSection({ title, text, validation: { object, config = {} }, expected }: ValidationOddity): string {
  const row = MINORS.map((minor) => ACCEPTANCE[expected[minor] ?? expected['*']]);
  return `## ${title}

${text}
${configText(config)}
${fence([written(object as JsonObject)])}

${table([...MINORS], [row])}
`;
}

const ACCEPTANCE: Readonly<Record<string, string>> = {
  accepted: 'accepted',
  'API server': 'rejected by the API server',
  agent: 'rejected by the agent',
  crash: 'the agent crashes',
  'API server, crash': 'rejected by the API server; the agent crashes',
};

const OUTCOMES: Readonly<Record<string, string>> = {
  A: 'allowed',
  'A(open)': 'not enforced',
  'A(localhost)': 'allowed, as the host',
  D: 'denied by a rule',
  'D(nm)': 'denied by default',
};

function outcome(answer: string): string {
  const [connection, ruling] = answer.split('/');
  const word = OUTCOMES[connection] ?? connection.replace(/R\((.*)\)/, 'redirected ($1)');
  return ruling === undefined ? word : `${word}, query ${ruling}`;
}

function flowText({ from, to, protocol, port, type, dns }: Flow): string {
  const traffic = [port ?? type, protocol].filter((part) => part !== undefined).join('/');
  return `${endText(from)} → ${endText(to)} ${traffic}${dns === undefined ? '' : `, for ${dns}`}`;
}

function endText(place: Place): string {
  const [text] = Object.values(place) as string[];
  return text.replace(/^(default|other)\//, '');
}

function configText(config: Readonly<Record<string, string>>): string {
  const keys = Object.keys(config).filter((key) => key !== 'enable-host-firewall');
  return keys.length === 0 ? '' : `\nWith ${keys.map((key) => `\`${key}: ${config[key]}\``).join(', ')}.\n`;
}

function namesText(names: Readonly<Record<string, readonly string[]>>): string {
  const given = Object.entries(names).map(([name, addresses]) => `${name} is ${addresses.join(', ')}`);
  return given.length === 0 ? '' : `\nDNS: ${given.join('; ')}.\n`;
}

function written(object: JsonObject): string {
  return Yaml.stringify(object).trim();
}

function fence(objects: readonly string[]): string {
  return ['```yaml', objects.join('\n---\n'), '```'].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
