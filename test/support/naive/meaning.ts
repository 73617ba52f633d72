/**
 * What a program says: who may connect to what, in the words of the docstrings. Nothing here knows manifests, or how Cilium reads them.
 *
 * Read this file first, then `specs.ts`, `peers.ts`, `traffic.ts`, `intents.ts` and `connections.ts`.
 */
import { specsOfConnections } from './connections';
import { Expression, Program, say } from './expression';
import { INTENTS } from './intents';
import { isHere } from './peers';
import { Direction, Props, Rule, Spec, specOf, speak } from './specs';
import { admits, covers, partsOf } from './traffic';
import { Attempt, End } from './universe';

/** Returns who may connect to what: both sides must let an attempt through. `undefined` if the words leave it open. */
export function meaningOf(program: Program): (attempt: Attempt) => boolean | undefined {
  const specs = specsOf(program);
  return (attempt) => {
    const { from, to } = attempt;
    const sides = [lets(specs, 'egress', from, to, attempt), lets(specs, 'ingress', to, from, attempt)];
    return sides.includes(false) ? false : sides.includes(undefined) ? undefined : true;
  };
}

/** A deny rule beats every allow rule. What is closed needs a rule that allows the connection, and the request on it. */
function lets(specs: readonly Spec[], direction: Direction, self: End, other: End, attempt: Attempt): boolean | undefined {
  const mine = specs.filter(({ isSubject }) => isSubject(self));
  const rules = mine.flatMap((spec) => spec.rules.filter((rule) => rule.direction === direction && rule.peer(other, self)));
  const spoken = ({ traffic }: Rule) => (traffic.length === 0 ? [say('Port.everything')] : traffic.flatMap(partsOf));
  if (rules.some((rule) => rule.isDeny && spoken(rule).some((one) => covers(one, attempt)))) {
    return false;
  }
  const isClosed = mine.some(({ closes, rules: all }) => closes[direction] ?? all.some((rule) => rule.direction === direction));
  // A pod's own node always reaches it.
  const isOwnNode = direction === 'ingress' && self.is !== 'node' && other.is === 'node' && isHere(other, self);
  const allowed = rules
    .filter(({ isDeny }) => !isDeny)
    .flatMap(spoken)
    .filter((one) => covers(one, attempt));
  if (!isClosed || isOwnNode) {
    return true;
  }
  const admitting = speakingOf(attempt, allowed).filter((one) => admits(one, attempt));
  const isLimited = attempt.sni !== undefined && allowed.some(({ then = [] }) => then.length > 0);
  // Server names stay if the same port is opened to the same peers. Which peers are the same, the words do not tell.
  return isLimited && admitting.length > 0 && admitting.every((one) => isOnePort(one, attempt) && one.then === undefined)
    ? undefined
    : admitting.length > 0;
}

/** Whether the words are about the very port of an attempt, and no other. */
function isOnePort({ say: name, args = [] }: Expression, { port }: Attempt): boolean {
  return name === 'Port.dnsProxy' || (args.length > 0 && args.every((one) => one === port));
}

/** DNS names limit the look-ups of their port, whatever is said of more ports. */
function speakingOf(attempt: Attempt, allowed: readonly Expression[]): readonly Expression[] {
  const hasNames = attempt.dns !== undefined && allowed.some(({ then = [] }) => then.length > 0);
  return hasNames ? allowed.filter((one) => isOnePort(one, attempt)) : allowed;
}

/** The subjects of a program, with what it says of each. */
export function specsOf(program: Program): readonly Spec[] {
  const named = new Map<string, Spec>();
  for (const { name = '', expression } of program) {
    const [on, verb] = expression.say.split('.');
    const spec = named.get(on);
    if (expression.say.startsWith('new ')) {
      named.set(name, made(expression));
    } else if (spec !== undefined && verb === 'addSpec') {
      named.set(name, specOf(expression.args?.[0] as Props, spec.space));
    } else if (spec !== undefined) {
      speak(spec, verb, ...(expression.args as [Expression, ...Expression[]]));
    }
  }
  return [...named.values(), ...specsOfConnections(program)];
}

function made({ say: what, args = [] }: Expression): Spec {
  const kind = what.slice('new '.length);
  const [chart, , props] = args as [Expression, string, Props];
  switch (kind) {
    case 'CiliumNetworkPolicy':
      return specOf(props, chart.say);
    case 'CiliumClusterwideNetworkPolicy':
      return specOf(props, undefined);
    default:
      return INTENTS[kind](props, chart.say);
  }
}
