/** All mutations, by name. There are none for the rules of B.10, because these apply to several policies together. */
import { ADDRESS_MUTATIONS } from './mutations/addresses';
import { ELEMENT_MUTATIONS } from './mutations/elements';
import { ICMP_MUTATIONS } from './mutations/icmp';
import { Mutation } from './mutations/mutation';
import { NETWORK_POLICY_MUTATIONS } from './mutations/network-policies';
import { OBJECT_MUTATIONS } from './mutations/objects';
import { PORT_MUTATIONS, PORT_RULE_MUTATIONS } from './mutations/ports';
import { RULE_MUTATIONS } from './mutations/rules';
import { SCHEMA_MUTATIONS } from './mutations/schema';
import { SELECTOR_MUTATIONS } from './mutations/selectors';

export type { Mutation } from './mutations/mutation';

export const MUTATIONS: readonly Mutation[] = [
  ...RULE_MUTATIONS,
  ...ELEMENT_MUTATIONS,
  ...PORT_RULE_MUTATIONS,
  ...PORT_MUTATIONS,
  ...SELECTOR_MUTATIONS,
  ...ADDRESS_MUTATIONS,
  ...ICMP_MUTATIONS,
  ...OBJECT_MUTATIONS,
  ...SCHEMA_MUTATIONS,
  ...NETWORK_POLICY_MUTATIONS,
];
