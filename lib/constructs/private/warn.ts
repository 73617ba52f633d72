import { IConstruct } from 'constructs';
import { WARNING } from '../../props/marks';

/** Attaches a warning to a construct: what is surely not wrong, but may not be meant. `CiliumPolicyChecks` and the matchers report it. */
export function warn(construct: IConstruct, message: string, help: string): void {
  construct.node.addMetadata(WARNING, { message, help });
}
