import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { HostFirewall } from 'cdk8s-cilium';

/** Nodes accept connections from inside the cluster, SSH and ping. */
export class DefaultHostFirewall extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new HostFirewall(this, 'HostFirewall', {
      metadata: { name: 'default-host-firewall' },
      ssh: true,
      ping: true,
    });
  }
}
