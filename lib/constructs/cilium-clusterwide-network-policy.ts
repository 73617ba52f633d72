import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { fail } from '../props/errors';
import { a, mustFit, Shape } from '../props/shape';
import { CiliumPolicy } from './policy';
import { PolicyOptions, PolicySpec } from './policy-spec';
import { mustSelectEndpoints, mustSelectSubjectNodes } from './private/selector-scope';
import { makePolicyObject } from './render/policy-manifest';
import { METADATA, POLICY_OPTIONS } from './render/shapes';
import { Selector } from './selector';

/** One subject of a clusterwide policy: give exactly one of the selectors. */
export interface ClusterwidePolicySpecProps extends PolicyOptions {
  /**
   * The endpoints, in any namespace, that the rules apply to. `Selector.all()` includes kube-system, and Cilium's own health and ingress
   * endpoints; `Selector.all().inAnyNamespace()` excludes the latter.
   *
   * @default - the policy applies to nodes, and `nodeSelector` is required
   */
  readonly endpointSelector?: Selector;
  /**
   * The nodes that the rules apply to, by the labels that Cilium makes part of their identity. Needs the agent's `enable-host-firewall`.
   * Without it, Cilium stores the policy and ignores it.
   *
   * @default - the policy applies to endpoints, and `endpointSelector` is required
   */
  readonly nodeSelector?: Selector;
}

/** Properties of a CiliumClusterwideNetworkPolicy. */
export interface CiliumClusterwideNetworkPolicyProps extends ClusterwidePolicySpecProps {
  /**
   * Name, labels and annotations of the manifest, which has no namespace.
   *
   * @default - named after the construct's path
   */
  readonly metadata?: ApiObjectMetadata;
}

const SPEC: Shape<ClusterwidePolicySpecProps> = {
  endpointSelector: { optional: a(Selector) },
  nodeSelector: { optional: a(Selector) },
  ...POLICY_OPTIONS,
};
const PROPS: Shape<CiliumClusterwideNetworkPolicyProps> = { ...SPEC, metadata: { optional: METADATA } };

/**
 * A policy that applies to endpoints of all namespaces, or to nodes.
 *
 * It has no higher priority than a namespaced policy: the rules of both add up, and a deny rule of either beats every allow rule.
 * Source: https://docs.cilium.io/en/stable/network/kubernetes/policy/
 *
 * @example
 *
 * const metadataService = new CiliumClusterwideNetworkPolicy(chart, 'MetadataService', {
 *   endpointSelector: Selector.all().inAnyNamespace(),
 *   defaultDenyEgress: false,
 * });
 * metadataService.denyTo(Peer.cidrs('169.254.169.254/32'));
 */
export class CiliumClusterwideNetworkPolicy extends CiliumPolicy {
  public readonly apiObject: ApiObject;

  /** @internal */
  protected readonly _specs: PolicySpec[];

  public constructor(scope: Construct, id: string, props: CiliumClusterwideNetworkPolicyProps) {
    super(scope, id);
    mustFit('CiliumClusterwideNetworkPolicy', PROPS, props, { at: this, isDerived: new.target !== CiliumClusterwideNetworkPolicy });
    this._specs = [makeSpec(this, props)];
    this.apiObject = makePolicyObject(this, { kind: 'CiliumClusterwideNetworkPolicy', metadata: props.metadata }, this._specs);
  }

  /**
   * Adds another subject, with its own rules, to the policy's `specs`.
   *
   * @param props the subject
   */
  public addSpec(props: ClusterwidePolicySpecProps): PolicySpec {
    this._mustTakeSpecs();
    mustFit('addSpec', SPEC, props, { at: this });
    const spec = makeSpec(this, props);
    this._specs.push(spec);
    return spec;
  }
}

function makeSpec(construct: Construct, props: ClusterwidePolicySpecProps): PolicySpec {
  const { endpointSelector, nodeSelector } = props;
  if ((endpointSelector === undefined) === (nodeSelector === undefined)) {
    fail('set exactly one of endpointSelector and nodeSelector', undefined, construct);
  }
  if (nodeSelector !== undefined) {
    mustSelectSubjectNodes(nodeSelector, construct);
    return PolicySpec._of(construct, 'clusterwide', { nodeSelector: nodeSelector._render() }, props);
  }
  const endpoints = endpointSelector as Selector;
  mustSelectEndpoints(endpoints, construct);
  return PolicySpec._of(construct, 'clusterwide', { endpointSelector: endpoints._render() }, props);
}
