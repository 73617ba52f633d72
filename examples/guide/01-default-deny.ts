import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { DefaultDenyEgress } from 'cdk8s-cilium';

/** No pod outside kube-system connects to anything but DNS. */
export class DefaultDeny extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new DefaultDenyEgress(this, 'DefaultDeny', {
      metadata: { name: 'default-deny' },
      description: 'Block all the traffic (except DNS) by default',
      exceptNamespaces: ['kube-system'],
    });
  }
}
