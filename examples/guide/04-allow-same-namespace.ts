import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { TenantIsolation } from 'cdk8s-cilium';

/** A tenant is one namespace: its pods can connect only to each other. */
export class AllowSameNamespace extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new TenantIsolation(this, 'Tenant', {
      metadata: { name: 'allow-same-namespace', namespace: 'tenant-001' },
    });
  }
}
