import { IConstruct } from 'constructs';

/** Attaches a warning to a construct: what is surely not wrong, but may not be meant. `CiliumPolicyChecks` and the matchers report it. */
export function warn(construct: IConstruct, message: string, help: string): void {
  construct.node.addMetadata('cdk8s-cilium:warning', { message, help });
}
