/** A stored object → what it means. */
import { isSince, Minor } from '../../crd/minor';
import type { AgentConfig } from '../../model/config';
import { asList, asObject, isObject, JsonObject } from '../../model/json';
import type { Resource } from '../../model/origin';
import type { Path } from '../../model/path';
import type { Direction, Policy, PolicyKind, Rule, Subject } from '../../model/policy';
import { Scope, scopeOf } from '../../model/scope';
import { networkPolicyRules } from './network-policy';
import { peersOf } from './peers';
import { requirementsOfPeers, subjectEndpoints, subjectNodes } from './selector';
import { trafficOf } from './traffic';

/** Reads a policy that the agent takes. `stored` is the object as the API server stores it. */
export function readPolicy(resource: Resource, stored: JsonObject, minor: Minor, config: AgentConfig): Policy {
  const { kind, namespace = '', name } = resource;
  const scope = scopeOf(kind === 'CiliumClusterwideNetworkPolicy' ? '' : namespace, minor, config);
  const rules = kind === 'NetworkPolicy' ? networkPolicyRules(asObject(stored.spec), scope) : specsOf(stored, scope);
  return { kind: kind as PolicyKind, namespace: scope.namespace, name, rules, resource };
}

/** `spec` and `specs` are rules of their own that add up. */
function specsOf({ spec, specs }: JsonObject, scope: Scope): Rule[] {
  const all: [JsonObject, Path][] = [
    ...(isObject(spec) ? [[spec, ['spec']] as [JsonObject, Path]] : []),
    ...asList(specs).map((value, i): [JsonObject, Path] => [asObject(value), ['specs', i]]),
  ];
  return all.flatMap(([value, path]) => rulesOf(value, path, scope));
}

/** The lists of a spec, in the order in which Cilium goes through them. */
const LISTS = [
  ['ingress', 'ingress', 'allow'],
  ['ingressDeny', 'ingress', 'deny'],
  ['egress', 'egress', 'allow'],
  ['egressDeny', 'egress', 'deny'],
] as const;

function rulesOf(spec: JsonObject, path: Path, scope: Scope): Rule[] {
  const subject = subjectOf(spec, scope);
  return LISTS.flatMap(([list, direction, effect]) =>
    asList(spec[list]).map((value, i): Rule => {
      const entry = asObject(value);
      const mode = asObject(entry.authentication).mode;
      return {
        direction,
        effect,
        subject,
        defaultDeny: isDefaultDeny(spec, direction, scope),
        peers: peersOf(entry, direction === 'ingress' ? 'from' : 'to', spec.endpointSelector, scope),
        traffic: trafficOf(entry),
        authentication: typeof mode === 'string' ? mode : undefined,
        requires: requiresOf(entry, direction, spec, scope),
        path: [...path, list, i],
      };
    }),
  );
}

function subjectOf({ endpointSelector, nodeSelector }: JsonObject, scope: Scope): Subject {
  return isObject(nodeSelector)
    ? { is: 'nodes', selector: subjectNodes(nodeSelector, scope) }
    : { is: 'endpoints', selector: subjectEndpoints(endpointSelector, scope) };
}

/** A rule isolates its direction unless its spec says that it does not, and then a rule without entries says nothing. */
function isDefaultDeny({ enableDefaultDeny }: JsonObject, direction: Direction, { hasNonDefaultDeny }: Scope): boolean {
  return !hasNonDefaultDeny || asObject(enableDefaultDeny)[direction] !== false;
}

function requiresOf(entry: JsonObject, direction: Direction, spec: JsonObject, scope: Scope): Rule['requires'] {
  if (isSince(scope.minor, '1.19')) {
    return [];
  }
  const written = asList(entry[direction === 'ingress' ? 'fromRequires' : 'toRequires']);
  return written.flatMap((value) => requirementsOfPeers(value, spec.endpointSelector, scope));
}
