import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { TenantIsolation } from 'cdk8s-cilium';

/** A tenant is all namespaces with a label: their pods can connect only to each other. */
export class Tenant001 extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new TenantIsolation(this, 'Tenant', {
      metadata: { name: 'tenant-001' },
      namespaceLabels: { 'tenant-id': '001' },
    });
  }
}
