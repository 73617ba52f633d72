import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { DomainAllowlist, Selector } from 'cdk8s-cilium';

/** A can connect only to these names. */
export class FromAToDomains extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new DomainAllowlist(this, 'FromAToDomains', {
      metadata: { name: 'from-a-to-domains' },
      endpointSelector: Selector.labels({ app: 'a' }),
      domains: ['imroc.cc', '**.imroc.cc', '**.myqcloud.com', '**.tencent.com', '**.tencentcloudapi.com', '**.tencentyun.com'],
    });
  }
}
