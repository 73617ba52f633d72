import { fail } from '../private/errors';

/** What a cloud's own components need. */
export interface CloudProfileProps {
  /**
   * Names and patterns of the cloud's services.
   *
   * @default - none
   */
  readonly fqdns?: string[];
  /**
   * Blocks of the cloud's services that are reached by address, without DNS.
   *
   * @default - none
   */
  readonly cidrs?: string[];
}

/** The names and prefixes that a cloud's own components, running in the cluster, need: data, to be checked against the cloud's documentation. */
export class CloudProfile {
  /**
   * Tencent Kubernetes Engine.
   *
   * Names of the cloud's API, and 169.254.0.0/16: API server, object storage and image registry are there, and some components reach them by
   * address. Names need a network mode with Cilium's DNS proxy: "VPC-CNI native routing", "VPC-CNI overlay" or "GR overlay", not "GR native
   * routing". Source: the guide "NetworkPolicy Practices" for Cilium on TKE.
   */
  public static tke(): CloudProfile {
    return new CloudProfile(['**.tencent.com', '**.tencentcloudapi.com', '**.tencentyun.com'], ['169.254.0.0/16']);
  }

  /**
   * Another cloud, or a data centre of one's own.
   *
   * @param props names and blocks, at least one
   */
  public static of(props: CloudProfileProps): CloudProfile {
    const { fqdns = [], cidrs = [] } = props;
    if (fqdns.length + cidrs.length === 0) {
      fail('cloud profile is empty', 'give fqdns or cidrs');
    }
    return new CloudProfile([...fqdns], [...cidrs]);
  }

  private constructor(
    /** Names and patterns of the cloud's services. */
    public readonly fqdns: string[],
    /** Blocks of the cloud's services that are reached by address. */
    public readonly cidrs: string[],
  ) {}
}
