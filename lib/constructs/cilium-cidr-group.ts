import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { parsePrefix } from '../net/prefix';
import { must } from '../props/errors';
import { listOf, mustFit, Shape, text } from '../props/shape';
import { makeApiObject } from './render/policy-manifest';
import { METADATA } from './render/shapes';

/** Properties of a CiliumCidrGroup. */
export interface CiliumCidrGroupProps {
  /** The CIDRs of the group. */
  readonly cidrs: string[];
  /**
   * Name, labels and annotations of the manifest, which has no namespace. Policies refer to the group by its name or its labels.
   *
   * @default - named after the construct's path
   */
  readonly metadata?: ApiObjectMetadata;
}

const PROPS: Shape<CiliumCidrGroupProps> = { cidrs: listOf(text), metadata: { optional: METADATA } };

/**
 * A named set of CIDRs that policies refer to (`CiliumCIDRGroup`). The CIDRs can change without changing the policies.
 *
 * @example
 *
 * const office = new CiliumCidrGroup(chart, 'Office', { cidrs: ['198.51.100.0/24'] });
 * policy.allowFrom(Peer.cidrGroups(office.name), Port.tcp(443));
 */
export class CiliumCidrGroup extends Construct {
  /** The manifest. */
  public readonly apiObject: ApiObject;

  public constructor(scope: Construct, id: string, props: CiliumCidrGroupProps) {
    super(scope, id);
    mustFit('CiliumCidrGroup', PROPS, props, { at: this, isDerived: new.target !== CiliumCidrGroup });
    props.cidrs.forEach((cidr) => must('CIDR', cidr, parsePrefix, this));
    const cidrs = [...props.cidrs];
    const head = { kind: 'CiliumCIDRGroup', metadata: props.metadata } as const;
    this.apiObject = makeApiObject(this, head, { spec: () => ({ externalCIDRs: cidrs }) });
  }

  /** The group's name in the cluster. */
  public get name(): string {
    return this.apiObject.name;
  }
}
