/** Converts the parts of a policy into the rules that the agent derives from them. */
import { isSince, Minor } from '../../crd/minor';
import type { AgentConfig } from '../../model/config';
import { asObject, asText } from '../../model/json';
import type { Resource } from '../../model/origin';
import { pathTo } from '../../model/path';
import type { Policy, PolicyKind, Rule, Subject } from '../../model/policy';
import { Scope, scopeOf } from '../../model/scope';
import type { RulePart, SpecPart, Written } from '../../model/written';
import { tierRules } from './cluster-network-policy';
import { networkPolicyRules } from './network-policy';
import { peersOf } from './peers';
import { requirementsOfPeers, subjectEndpoints, subjectNodes } from './selector';
import { trafficOf } from './traffic';

/** The rules of a policy that the agent accepts. */
export function policyOf(resource: Resource, written: Written, minor: Minor, config: AgentConfig): Policy {
  const { kind, namespace = '', name } = resource;
  const scope = scopeOf(CLUSTERWIDE.includes(kind) ? '' : namespace, minor, config);
  const rules = rulesOfWritten(written, scope);
  return { kind: kind as PolicyKind, namespace: scope.namespace, name, rules, resource };
}

/** Kinds without a namespace. */
const CLUSTERWIDE = ['CiliumClusterwideNetworkPolicy', 'ClusterNetworkPolicy'];

function rulesOfWritten(written: Written, scope: Scope): readonly Rule[] {
  switch (written.is) {
    case 'kubernetes':
      return networkPolicyRules(written, scope);
    case 'tier':
      return tierRules(written, scope);
    case 'cilium':
      return written.specs.flatMap((spec) => rulesOf(spec, scope));
  }
}

/** The rules of `spec`, or of one of `specs`, in the order in which Cilium processes them. */
function rulesOf(spec: SpecPart, scope: Scope): Rule[] {
  const subject = subjectOf(spec, scope);
  const log = asText(asObject(spec.value.log).value);
  return spec.rules.map((part): Rule => {
    const mode = asObject(part.value.authentication).mode;
    return {
      direction: part.isIngress ? 'ingress' : 'egress',
      effect: part.isDeny ? 'deny' : 'allow',
      subject,
      defaultDeny: isDefaultDeny(spec, part, scope),
      peers: peersOf(part, scope),
      traffic: trafficOf(part),
      authentication: typeof mode === 'string' ? mode : undefined,
      ...(log !== '' && { log }),
      requires: requiresOf(part, scope),
      path: pathTo(part.at),
    };
  });
}

function subjectOf({ endpointSelector, nodeSelector }: SpecPart, scope: Scope): Subject {
  return nodeSelector === undefined
    ? { is: 'endpoints', selector: subjectEndpoints(endpointSelector, scope) }
    : { is: 'nodes', selector: subjectNodes(nodeSelector, scope) };
}

/** A rule puts its direction into default deny, unless `enableDefaultDeny` turns this off. A direction without entries stays open. */
function isDefaultDeny({ value: { enableDefaultDeny } }: SpecPart, { isIngress }: RulePart, { hasNonDefaultDeny }: Scope): boolean {
  return !hasNonDefaultDeny || asObject(enableDefaultDeny)[isIngress ? 'ingress' : 'egress'] !== false;
}

function requiresOf({ requires, spec }: RulePart, scope: Scope): Rule['requires'] {
  return isSince(scope.minor, '1.19') ? [] : requires.flatMap((part) => requirementsOfPeers(part, spec.endpointSelector, scope));
}
