import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { AllowApiserver, Selector } from 'cdk8s-cilium';

/** Only A may call the API server. */
export class FromAToApiserver extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AllowApiserver(this, 'AllowApiserver', {
      metadata: { name: 'from-a-to-apiserver', namespace: 'test' },
      endpointSelector: Selector.labels({ app: 'a' }),
    });
  }
}
