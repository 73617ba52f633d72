import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { NAMESPACE_LABELS_PREFIX } from '../net/label-keys';
import { a, mustFit, Shape } from '../props/shape';
import { CiliumPolicy } from './policy';
import { PolicyOptions, PolicySpec } from './policy-spec';
import { mustSelectInOwnNamespace } from './private/selector-scope';
import { warn } from './private/warn';
import { makePolicyObject } from './render/policy-manifest';
import { METADATA, POLICY_OPTIONS } from './render/shapes';
import { Selector } from './selector';

/** One subject of a namespaced policy. */
export interface PolicySpecProps extends PolicyOptions {
  /** The endpoints, in the policy's own namespace, that the rules apply to. There is no default: for all endpoints, write `Selector.all()`. */
  readonly endpointSelector: Selector;
}

/** Properties of a CiliumNetworkPolicy. */
export interface CiliumNetworkPolicyProps extends PolicySpecProps {
  /**
   * Name, namespace, labels and annotations of the manifest.
   *
   * @default - named after the construct's path, in the chart's namespace
   */
  readonly metadata?: ApiObjectMetadata;
}

const SPEC: Shape<PolicySpecProps> = { endpointSelector: a(Selector), ...POLICY_OPTIONS };
const PROPS: Shape<CiliumNetworkPolicyProps> = { ...SPEC, metadata: { optional: METADATA } };

/**
 * A policy that applies to endpoints of one namespace.
 *
 * Source: https://docs.cilium.io/en/stable/network/kubernetes/policy/
 *
 * @example
 *
 * const web = new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: Selector.labels({ app: 'web' }) });
 * web.allowFrom(Peer.world(), Port.tcp(443));
 * web.allowTo(Peer.kubeDns(), Port.dnsProxy());
 * web.allowTo(Peer.fqdns('api.example.com'), Port.tcp(443));
 */
export class CiliumNetworkPolicy extends CiliumPolicy {
  public readonly apiObject: ApiObject;

  /** @internal */
  protected readonly _specs: PolicySpec[];

  public constructor(scope: Construct, id: string, props: CiliumNetworkPolicyProps) {
    super(scope, id);
    mustFit('CiliumNetworkPolicy', PROPS, props, { at: this, isDerived: new.target !== CiliumNetworkPolicy });
    this._specs = [makeSpec(this, props)];
    this.apiObject = makePolicyObject(this, { kind: 'CiliumNetworkPolicy', metadata: props.metadata }, this._specs);
    if (this.apiObject.metadata.namespace === undefined) {
      warn(this, 'the policy has no namespace', 'set metadata.namespace or the namespace of the chart, unless whoever applies it adds one');
    }
  }

  /**
   * Adds another subject, with its own rules, to the policy's `specs`.
   *
   * @param props the subject
   */
  public addSpec(props: PolicySpecProps): PolicySpec {
    this._mustTakeSpecs();
    mustFit('addSpec', SPEC, props, { at: this });
    const spec = makeSpec(this, props);
    this._specs.push(spec);
    return spec;
  }
}

function makeSpec(construct: Construct, props: PolicySpecProps): PolicySpec {
  mustSelectInOwnNamespace(props.endpointSelector, construct);
  if (props.endpointSelector._keys().some((key) => key.startsWith(NAMESPACE_LABELS_PREFIX))) {
    warn(
      construct,
      'endpointSelector asks for labels of namespaces, but selects only in its own',
      'leave them out, or write a clusterwide policy',
    );
  }
  return PolicySpec._of(construct, 'namespaced', { endpointSelector: props.endpointSelector._render() }, props);
}
