/** Converts the parts of a policy into the rules that the agent derives from them. */
import { isSince, Minor } from '../../crd/minor';
import type { AgentConfig } from '../../model/config';
import { asObject } from '../../model/json';
import type { Resource } from '../../model/origin';
import { pathTo } from '../../model/path';
import type { Policy, PolicyKind, Rule, Subject } from '../../model/policy';
import { Scope, scopeOf } from '../../model/scope';
import type { ElementPart, RulePart, Written } from '../../model/written';
import { networkPolicyRules } from './network-policy';
import { peersOf } from './peers';
import { requirementsOfPeers, subjectEndpoints, subjectNodes } from './selector';
import { trafficOf } from './traffic';

/** Reads a policy that the agent accepts. */
export function readPolicy(resource: Resource, written: Written, minor: Minor, config: AgentConfig): Policy {
  const { kind, namespace = '', name } = resource;
  const scope = scopeOf(kind === 'CiliumClusterwideNetworkPolicy' ? '' : namespace, minor, config);
  const rules = written.is === 'kubernetes' ? networkPolicyRules(written, scope) : written.rules.flatMap((rule) => rulesOf(rule, scope));
  return { kind: kind as PolicyKind, namespace: scope.namespace, name, rules, resource };
}

/** The rules of `spec`, or of an entry of `specs`, in the order in which Cilium processes them. */
function rulesOf(part: RulePart, scope: Scope): Rule[] {
  const subject = subjectOf(part, scope);
  return part.elements.map((element): Rule => {
    const mode = asObject(element.value.authentication).mode;
    return {
      direction: element.isIngress ? 'ingress' : 'egress',
      effect: element.isDeny ? 'deny' : 'allow',
      subject,
      defaultDeny: isDefaultDeny(part, element, scope),
      peers: peersOf(element, scope),
      traffic: trafficOf(element),
      authentication: typeof mode === 'string' ? mode : undefined,
      requires: requiresOf(element, scope),
      path: pathTo(element.at),
    };
  });
}

function subjectOf({ endpointSelector, nodeSelector }: RulePart, scope: Scope): Subject {
  return nodeSelector === undefined
    ? { is: 'endpoints', selector: subjectEndpoints(endpointSelector, scope) }
    : { is: 'nodes', selector: subjectNodes(nodeSelector, scope) };
}

/** A rule puts its direction into default deny, unless `enableDefaultDeny` turns this off. A direction without entries stays open. */
function isDefaultDeny({ value: { enableDefaultDeny } }: RulePart, { isIngress }: ElementPart, { hasNonDefaultDeny }: Scope): boolean {
  return !hasNonDefaultDeny || asObject(enableDefaultDeny)[isIngress ? 'ingress' : 'egress'] !== false;
}

function requiresOf({ requires, rule }: ElementPart, scope: Scope): Rule['requires'] {
  return isSince(scope.minor, '1.19') ? [] : requires.flatMap((part) => requirementsOfPeers(part, rule.endpointSelector, scope));
}
