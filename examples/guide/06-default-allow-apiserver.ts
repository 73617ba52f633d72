import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { AllowApiserver } from 'cdk8s-cilium';

/** Every pod of the namespace `test` may call the API server. */
export class DefaultAllowApiserver extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AllowApiserver(this, 'AllowApiserver', {
      metadata: { name: 'default-allow-apiserver', namespace: 'test' },
    });
  }
}
