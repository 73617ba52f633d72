import { parseDnsPattern } from '../../net/dns-pattern';
import { parsePrefix } from '../../net/prefix';
import { fail, must } from '../../props/errors';
import { listOf, mustFit, Shape, text } from '../../props/shape';

/** What the components of a cloud provider need. */
export interface CloudProfileProps {
  /**
   * Names and patterns of the cloud's services.
   *
   * @default - no names
   */
  readonly fqdns?: string[];
  /**
   * CIDRs of the cloud's services that are reached by address, without DNS.
   *
   * @default - no CIDRs
   */
  readonly cidrs?: string[];
}

const PROPS: Shape<CloudProfileProps> = { fqdns: { optional: listOf(text) }, cidrs: { optional: listOf(text) } };

/** The names and CIDRs that a cloud provider's components in the cluster need. Check this data against the cloud's documentation. */
export class CloudProfile {
  /**
   * Returns the profile of Tencent Kubernetes Engine.
   *
   * It has the names of the cloud's API, and 169.254.0.0/16, which contains the API server, object storage and the image registry. Some
   * components reach these by address. Names need a network mode with Cilium's DNS proxy: "VPC-CNI native routing", "VPC-CNI overlay" or
   * "GR overlay", not "GR native routing". Source: the guide "NetworkPolicy Practices" for Cilium on TKE.
   */
  public static tke(): CloudProfile {
    return new CloudProfile(['**.tencent.com', '**.tencentcloudapi.com', '**.tencentyun.com'], ['169.254.0.0/16']);
  }

  /**
   * Returns a profile for another cloud, or for your own data centre.
   *
   * @param props at least one name or CIDR
   */
  public static of(props: CloudProfileProps): CloudProfile {
    mustFit('CloudProfile', PROPS, props);
    const { fqdns = [], cidrs = [] } = props;
    if (fqdns.length + cidrs.length === 0) {
      fail('cloud profile is empty', 'give fqdns or cidrs');
    }
    fqdns.forEach((name) => must('DNS name', name, parseDnsPattern));
    cidrs.forEach((cidr) => must('CIDR', cidr, parsePrefix));
    return new CloudProfile([...fqdns], [...cidrs]);
  }

  private constructor(
    /** Names and patterns of the cloud's services. */
    public readonly fqdns: string[],
    /** CIDRs of the cloud's services that are reached by address. */
    public readonly cidrs: string[],
  ) {}
}
