/** JUnit XML: a suite for each file, a case for each policy with findings, and a case for each suppressed finding. */
import { groupedBy } from '../../net/grouped';
import { printable } from '../../net/printable';
import type { Renderer } from './report';
import { counted, FindingText, findingText, summaryOf } from './words';

export const junit: Renderer = (report, options) => {
  const { tool, diagnostics } = report;
  const suites = [...groupedBy(diagnostics.map(findingText), ({ source }) => source)].map(([name, findings]) => suiteOf(name, findings));
  // It says what was not checked, what is allowed and which settings count.
  const all: Suite = {
    name: tool.name,
    cases: [
      {
        name: suites.length === 0 ? 'all policies' : 'the whole run',
        body: leaf('system-out', {}, summaryOf(report, options).map(printable)),
      },
    ],
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    ...element('testsuites', { name: tool.name }, [...suites, all].flatMap(suiteElement)),
    '',
  ].join('\n');
};

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

interface Case {
  readonly name: string;
  readonly result?: 'failure' | 'skipped';
  /** Lines of XML. */
  readonly body: readonly string[];
}

function suiteOf(name: string, findings: readonly FindingText[]): Suite {
  const open = findings.filter(({ allowed }) => allowed === null);
  const cases = [...groupedBy(open, caseName)].map(([owner, findings]) => caseOf(owner, findings));
  return { name, cases: [...cases, ...findings.filter(({ allowed }) => allowed !== null).map(skippedCase)] };
}

function caseName({ owner, document }: FindingText): string {
  return owner === '' ? `document ${document + 1}` : owner;
}

/** All errors of a policy are in one failure, because some readers of the format accept only one per case. */
function caseOf(name: string, findings: readonly FindingText[]): Case {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const others = findings.filter(({ severity }) => severity !== 'error');
  const output = others.length === 0 ? [] : leaf('system-out', {}, others.map(linesOf));
  if (errors.length === 0) {
    return { name, body: output };
  }
  const message = errors.length === 1 ? errors[0].words : counted(errors.length, 'error');
  const type = [...new Set(errors.map(({ code }) => code))].join(' ');
  return { name, result: 'failure', body: [...leaf('failure', { message, type }, errors.map(linesOf)), ...output] };
}

/** A case cannot both fail and be skipped, so each suppressed finding has its own case. */
function skippedCase(finding: FindingText): Case {
  const message = `allowed: ${finding.allowed ?? ''}`;
  return { name: `${caseName(finding)}, ${finding.code}`, result: 'skipped', body: leaf('skipped', { message }, [linesOf(finding)]) };
}

function linesOf({ place, severity, code, name, words, help }: FindingText): string {
  return [`${place}: ${severity} ${code} ${name}: ${words}`, ...(help === null ? [] : [`help: ${help}`])].map(printable).join('\n');
}

function suiteElement({ name, cases }: Suite): readonly string[] {
  const count = (result: string) => cases.filter((one) => one.result === result).length;
  const counts = { tests: cases.length, failures: count('failure'), errors: 0, skipped: count('skipped') };
  return element(
    'testsuite',
    { name, ...counts },
    cases.flatMap((one) => element('testcase', { name: one.name, classname: name }, one.body)),
  );
}

type Attributes = Readonly<Record<string, string | number>>;

function element(name: string, attributes: Attributes, body: readonly string[]): readonly string[] {
  const start = tagOf(name, attributes);
  return body.length === 0 ? [`<${start}/>`] : [`<${start}>`, ...body.map((line) => `  ${line}`), `</${name}>`];
}

/** An element with text. Its lines are not indented, because that would change the text. */
function leaf(name: string, attributes: Attributes, lines: readonly string[]): readonly string[] {
  return [`<${tagOf(name, attributes)}>${escaped(lines.join('\n'))}</${name}>`];
}

function tagOf(name: string, attributes: Attributes): string {
  return [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(printable(String(value)))}"`)].join(' ');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
