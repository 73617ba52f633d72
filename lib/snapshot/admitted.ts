/** What verdicts need of the admission of a policy: without its parts, which take much memory, and with what it means. */
import type { Admission } from '../admission/admit';
import type { Minor } from '../crd/minor';
import type { AgentConfig } from '../model/config';
import type { Resource } from '../model/origin';
import type { Policy } from '../model/policy';
import { policyOf } from '../resolve/rules/rules';

export interface Admitted extends Omit<Admission, 'written'> {
  /** `undefined` if the policy is not accepted. */
  readonly policy: Policy | undefined;
}

export function admittedBy({ written, ...admission }: Admission, resource: Resource, minor: Minor, config: AgentConfig): Admitted {
  const isAccepted = admission.accepted.schema && admission.accepted.agent && written !== undefined;
  return { ...admission, policy: isAccepted ? policyOf(resource, written, minor, config) : undefined };
}
