import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { DefaultDenyEgress } from 'cdk8s-cilium';

/** Pods outside kube-system can connect only to DNS. */
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
