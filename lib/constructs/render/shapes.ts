/** The types of the properties that several constructs share. */
import type { ApiObjectMetadata, OwnerReference } from 'cdk8s';
import { flag, listOf, Shape, struct, text, texts, TypeCheck } from '../../props/shape';
import type { PolicyOptions, RuleLabel } from '../policy-spec';

const OWNER: Shape<OwnerReference> = {
  apiVersion: text,
  kind: text,
  name: text,
  uid: text,
  controller: { optional: flag },
  blockOwnerDeletion: { optional: flag },
};

/** cdk8s accepts further fields in metadata, but these are all that the API server keeps from a manifest. */
const METADATA_FIELDS: Shape<ApiObjectMetadata> = {
  name: { optional: text },
  namespace: { optional: text },
  labels: { optional: texts },
  annotations: { optional: texts },
  finalizers: { optional: listOf(text) },
  ownerReferences: { optional: listOf(struct(OWNER)) },
};

export const METADATA: TypeCheck = struct(METADATA_FIELDS);

const RULE_LABEL: Shape<RuleLabel> = { key: text, value: { optional: text }, source: { optional: text } };

export const POLICY_OPTIONS: Shape<PolicyOptions> = {
  description: { optional: text },
  defaultDenyIngress: { optional: flag },
  defaultDenyEgress: { optional: flag },
  labels: { optional: listOf(struct(RULE_LABEL)) },
  log: { optional: text },
};
