/** The mistakes that a program may hold: why the library may refuse it. */
import { Expression, expressionsIn, Program, Value } from './expression';
import { specsOf } from './meaning';
import { holds } from './peers';
import { Direction, Props, Spec } from './specs';
import { covers, partsOf } from './traffic';
import { ATTEMPTS, End, SPACES } from './universe';

/** What the library says, and whether it is true of a program. */
const MISTAKES: readonly [message: RegExp, isIn: (program: Program) => boolean][] = [
  [/exclude each other|requires both namespace/, (program) => selectorsIn(program).some((one) => !POSSIBLE.some((end) => holds(one, end)))],
  [/Port\.everything\(\) is given beside/, (program) => argumentLists(program).some((some) => some.length > 1 && some.some(isEverything))],
  [/has rules/, (program) => argumentLists(program).some(hasTwoOfOnePort)],
  [
    /exclude nothing|cannot merge|limit another/,
    (program) =>
      inDirections(program, (spec, direction) =>
        [[], ...others(program, spec)].some((more) =>
          hasTwoOfOnePort([...allowed(spec, direction), ...more.flatMap((one) => allowed(one, direction))]),
        ),
      ),
  ],
  [
    /pods of .* are pods of .* too/,
    (program) => workloadsIn(program).some((one, i, all) => all.slice(i + 1).some((other) => shares(one, other))),
  ],
  [
    /a named port cannot be used for peers outside/,
    (program) => argumentLists(program).some((some) => some.some(({ say }) => /named$/i.test(say))),
  ],
  [
    /is false without an/,
    (program) => inDirections(program, (spec, direction) => spec.closes[direction] === false && !speaks(spec, direction)),
  ],
  [/endpointSelector of a namespaced policy names a namespace/, (program) => program.some(({ expression }) => namesSpace(expression))],
  [/a namespace could belong to this tenant/, (program) => program.filter(isTenant).length > 1],
];

/** What the library says against a program without being right. */
export function wrongly(program: Program, { message }: Error): string[] {
  const problems = message.split('\n').filter((line) => !line.startsWith('Validation failed'));
  return problems.filter((line) => !MISTAKES.some(([pattern, isIn]) => pattern.test(line) && isIn(program)));
}

/** Each other spec with which one could have a subject in common, perhaps in a cluster with other labels: their rules add up. */
function others(program: Program, spec: Spec): readonly (readonly Spec[])[] {
  const rules = JSON.stringify(spec.rules);
  return specsOf(program)
    .filter(
      (other) =>
        JSON.stringify(other.rules) !== rules &&
        (spec.space === other.space || POSSIBLE.some((end) => spec.isSubject(end) && other.isSubject(end))),
    )
    .map((other) => [other]);
}

interface OwnPods {
  readonly space: string;
  readonly labels: Readonly<Record<string, string>>;
}

function workloadsIn(program: Program): readonly OwnPods[] {
  return program.flatMap(({ expression: { say, args = [] } }) => {
    const [chart, , labels] = args as [Expression, string, OwnPods['labels']];
    return say === 'Workload.labels' ? [{ space: chart.say, labels }] : [];
  });
}

/** Whether pods of one could be pods of the other too, by all of the labels that are known. */
function shares(a: OwnPods, b: OwnPods): boolean {
  const contains = ({ labels: wide }: OwnPods, { labels: narrow }: OwnPods) =>
    Object.entries(wide).every(([key, value]) => narrow[key] === value);
  return a.space === b.space && (contains(a, b) || contains(b, a));
}

/** The values that a label can have, and none. */
const VALUES: Readonly<Record<'app' | 'tier' | 'role', readonly Readonly<Record<string, string>>[]>> = {
  app: [{}, { app: 'a' }, { app: 'b' }, { app: 'c' }],
  tier: [{}, { tier: 'f' }, { tier: 'g' }],
  role: [{}, { role: 'w' }],
};

/** Everything that a selector of these programs could select, also where the cluster has no such pod. */
const POSSIBLE: readonly End[] = [undefined, ...Object.keys(SPACES), 'other'].flatMap((space) =>
  VALUES.app.flatMap((app) =>
    VALUES.tier.flatMap((tier) =>
      VALUES.role.map((role): End => ({ name: '', is: 'pod', labels: { ...app, ...tier, ...role }, space, account: 'sa' })),
    ),
  ),
);

function selectorsIn(program: Program): Expression[] {
  return program.flatMap(({ expression }) => expressionsIn(expression)).filter(({ say }) => /^Selector|^Peer.labels/.test(say));
}

/** The traffic of each call, and of each list of ports. */
function argumentLists(program: Program): (readonly Expression[])[] {
  const isTraffic = (value: Value): value is Expression =>
    typeof value === 'object' && /^(Port|Ports|Icmp)\./.test((value as Expression).say);
  return program.flatMap(({ expression }) => {
    const lists: Value[] = expressionsIn(expression).flatMap(({ args = [] }) => [args, ...args.flatMap(listsIn)]);
    return lists.map((list) => (list as Value[]).filter(isTraffic).flatMap(partsOf));
  });
}

function listsIn(value: Value): Value[] {
  const isPlain = typeof value === 'object' && !('say' in value);
  return isPlain ? (Array.isArray(value) ? [value] : Object.values(value).filter(Array.isArray)) : [];
}

function isEverything({ say }: Expression): boolean {
  return say === 'Port.everything';
}

/** Whether a port with requests is among others that mean the same connections. */
function hasTwoOfOnePort(written: readonly Expression[]): boolean {
  const some = written.map(ofAnyNumber);
  return some.some(
    (one) =>
      (one.then ?? []).length + (one.say === 'Port.dnsProxy' ? 1 : 0) > 0 &&
      some.some((other) => other !== one && ATTEMPTS.some((attempt) => covers(one, attempt) && covers(other, attempt))),
  );
}

/** A name may be any number. */
function ofAnyNumber(one: Expression): Expression {
  const { args: [, protocol = { say: 'Protocol.TCP' }] = [] } = one;
  return /named$/i.test(one.say) ? { ...one, say: 'Port.protocol', args: [protocol] } : one;
}

function inDirections(program: Program, holdsOf: (spec: Spec, direction: Direction) => boolean): boolean {
  return specsOf(program).some((spec) => holdsOf(spec, 'ingress') || holdsOf(spec, 'egress'));
}

function speaks({ rules }: Spec, direction: Direction): boolean {
  return rules.some((rule) => rule.direction === direction);
}

function allowed({ rules }: Spec, direction: Direction): readonly Expression[] {
  const mine = rules.filter((rule) => rule.direction === direction && !rule.isDeny);
  return mine.flatMap(({ traffic }) => (traffic.length === 0 ? [{ say: 'Port.everything' }] : traffic.flatMap(partsOf)));
}

function namesSpace({ say, args = [] }: Expression): boolean {
  const isNamespaced = say !== 'new CiliumClusterwideNetworkPolicy';
  const { endpointSelector } = (args.find((one) => typeof one === 'object' && 'endpointSelector' in one) ?? {}) as Props;
  const words = (endpointSelector as Expression | undefined)?.then ?? [];
  return isNamespaced && words.some(({ say: word }) => ['inNamespace', 'inAnyNamespace', 'outsideNamespaces'].includes(word));
}

function isTenant({ expression: { say, args = [] } }: Program[number]): boolean {
  return say === 'new TenantIsolation' && 'namespaceLabels' in (args[2] as Props);
}
