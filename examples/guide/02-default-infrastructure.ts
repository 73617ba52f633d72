import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CloudProfile, InfraBaseline } from 'cdk8s-cilium';

/** What pods of all namespaces labelled `role=infrastructure` may connect to, on Tencent Cloud. */
export class DefaultInfrastructure extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new InfraBaseline(this, 'Infrastructure', {
      metadata: { name: 'default-infrastructure' },
      namespaceLabels: { role: 'infrastructure' },
      cloud: CloudProfile.tke(),
    });
  }
}
