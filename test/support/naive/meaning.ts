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

/** Returns who may connect to what: both sides must let an attempt through. */
export function meaningOf(program: Program): (attempt: Attempt) => boolean {
  const specs = specsOf(program);
  return (attempt) => {
    const { from, to } = attempt;
    return lets(specs, 'egress', from, to, attempt) && lets(specs, 'ingress', to, from, attempt);
  };
}

/** A deny rule beats every allow rule. What is closed needs a rule that allows the connection, and the request on it. */
function lets(specs: readonly Spec[], direction: Direction, self: End, other: End, attempt: Attempt): boolean {
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
  return !isClosed || isOwnNode || speakingOf(attempt, allowed).some((one) => admits(one, attempt));
}

/** DNS names limit the look-ups of their port, whatever is said of more ports. */
function speakingOf({ dns, port }: Attempt, allowed: readonly Expression[]): readonly Expression[] {
  const hasNames = dns !== undefined && allowed.some(({ then = [] }) => then.length > 0);
  return hasNames
    ? allowed.filter(({ say: name, args = [] }) => name === 'Port.dnsProxy' || (args[0] === port && args.length === 1))
    : allowed;
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
