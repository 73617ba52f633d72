/**
 * The families of answers that a run must hit: one for each rule of the language reference, and for each kind of schema error.
 *
 * These rules are not included, because no answer can show them:
 * - B.3-18, DNS rules on ingress: rule 13, which is checked for the element before its ports, always fails first. Seen in 1.18, 1.19 and 1.20.
 * - B.9-59 and B.9-60, rules of the operator: Cilium exports no function for them. B.9-58 is not an error of the agent: such a policy is accepted.
 * - B.9-61, the offline validator: its unknown fields are the fields that the API server drops, which is a family here.
 * - B.10, conflicts between rules of several policies: they occur when the policy of an endpoint is computed, not when one object is validated.
 */
import { Answer, isAccepted, isSilent, Layer, says } from './answers';
import { ValidationCase } from './cases';
import { isObject, Json } from './json';

export interface Family {
  readonly name: string;
  /** The rule, as in `Mutation`. */
  readonly rule: string;
  /** The minors in which the family can be hit; all minors if absent. */
  readonly minors?: readonly string[];
  readonly isHit: (one: ValidationCase, answer: Answer) => boolean;
}

const BEFORE_19 = ['1.18'];
const BEFORE_20 = ['1.18', '1.19'];
const SINCE_19 = ['1.19', '1.20'];
const SINCE_20 = ['1.20'];

/** A layer has a matching error. */
function message(rule: string, name: string, layer: Layer, words: RegExp, minors?: readonly string[]): Family {
  return { rule, name, minors, isHit: (_, answer) => says(answer, layer, words) };
}

/** A layer has a matching error after a mutation. */
function broken(rule: string, mutation: string, layer: Layer, words: RegExp, minors?: readonly string[]): Family {
  const isHit = (one: ValidationCase, answer: Answer) => isAfter(one, mutation) && says(answer, layer, words);
  return { rule, name: `${mutation}: ${layer}`, minors, isHit };
}

/** The result of a mutation is accepted, even if it looks wrong. */
function accepted(rule: string, mutation: string, minors?: readonly string[]): Family {
  return { rule, name: `${mutation}: accepted`, minors, isHit: (one, answer) => isAfter(one, mutation) && isAccepted(answer) };
}

/** The API server rejects the result of a mutation, and the agent would accept it. */
function schemaAlone(rule: string, mutation: string, minors?: readonly string[]): Family {
  const isHit = (one: ValidationCase, answer: Answer) => isAfter(one, mutation) && !isSilent(answer, 'schema') && isSilent(answer, 'agent');
  return { rule, name: `${mutation}: schema alone`, minors, isHit };
}

/** The agent rejects the result of a mutation, and the API server accepts it. */
function agentAlone(rule: string, mutation: string, minors?: readonly string[]): Family {
  const isHit = (one: ValidationCase, answer: Answer) => isAfter(one, mutation) && isSilent(answer, 'schema') && !isSilent(answer, 'agent');
  return { rule, name: `${mutation}: agent alone`, minors, isHit };
}

/** Whether a case has exactly this mutation, so that no other mutation can be the reason. */
function isAfter({ mutations = [] }: ValidationCase, mutation: string): boolean {
  return mutations.length === 1 && mutations[0] === mutation;
}

function isKind({ object }: ValidationCase, kind: string): boolean {
  return isObject(object as Json) && (object as { kind: string }).kind === kind;
}

const PEERS = ['FromEndpoints', 'FromCIDR', 'FromCIDRSet', 'FromEntities', 'FromNodes', 'FromGroups'];
const EGRESS_PEERS = ['ToEndpoints', 'ToCIDR', 'ToCIDRSet', 'ToEntities', 'ToNodes', 'ToGroups', 'ToServices', 'ToFQDNs'];

const AGENT_FAMILIES: readonly Family[] = [
  message('B.1-1', 'no sections', 'agent', /rule must have at least one of Ingress, IngressDeny, Egress, EgressDeny/),
  agentAlone('B.1-1', 'empty-sections'),
  agentAlone('B.1-1', 'empty-sections-with-default-deny'),
  accepted('B.1-2', 'default-deny-switched-off'),
  message('B.1-3', 'no selector', 'agent', /rule must have one of EndpointSelector or NodeSelector/),
  message('B.1-4', 'both selectors', 'agent', /rule cannot have both EndpointSelector and NodeSelector/),
  broken('B.1-5', 'bad-subject', 'agent', /invalid label selector/),
  broken('B.1-6', 'bad-element', 'agent', /unable to parse CIDR/),
  accepted('B.1-6', 'empty-element'),
  ...[...PEERS, ...EGRESS_PEERS].map((peer) =>
    message('B.2-7', `${peer} beside another`, 'agent', new RegExp(`combining (${peer} and \\w+|\\w+ and ${peer}) is not supported yet`)),
  ),
  accepted('B.2-7', 'peer-beside-an-empty-one'),
  accepted('B.2-7', 'required-peers'),
  accepted('B.2-8', 'services-with-ports'),
  message('B.2-9', 'nodes without the switch', 'agent', /FromNodes\/ToNodes rules can only be applied when/),
  // A bad selector is reported in addition. Peers that exclude each other are reported alone.
  broken(
    'B.2-9',
    'nodes-without-the-switch-and-bad',
    'agent',
    /invalid label selector[\s\S]*\nFromNodes\/ToNodes rules can only be applied/,
  ),
  broken('B.2-9', 'nodes-without-the-switch-beside-others', 'agent', /combining \w+ and \w+ is not supported yet$/),
  broken('B.2-10', 'bad-peer-selector', 'agent', /invalid label selector/),
  message('B.2-11', 'unknown entity', 'agent', /unsupported entity: /),
  schemaAlone('B.2-11', 'entity-of-the-agent-alone'),
  accepted('B.2-11', 'entity-of-1.20', SINCE_20),
  broken('B.2-11', 'entity-of-1.20', 'agent', /unsupported entity: cluster-mesh/, BEFORE_20),
  message('B.2-12', 'no proxy', 'agent', /L7 policy is not supported since L7 proxy is not enabled/),
  message('B.2-13', 'DNS on ingress', 'agent', /L7 protocol DNS is not supported on ingress yet/),
  message('B.2-14', 'L7 on host ingress', 'agent', /L7 policy is not supported on host ingress yet/),
  message('B.2-14', 'HTTP on host egress', 'agent', /L7 protocol HTTP is not supported on host egress yet/),
  message('B.2-14', 'Kafka on host egress', 'agent', /L7 protocol Kafka is not supported on host egress yet/, BEFORE_20),
  accepted('B.2-14', 'dns-on-host-egress'),
  accepted('B.2-14', 'names-and-listeners-on-host'),
  message('B.2-15', 'no ICMP', 'agent', /ICMP rules can only be applied when the "enable-icmp-rules" flag is set/),
  message('B.2-16', 'ICMP beside ports', 'agent', /the ICMPs block may only be present without ToPorts/),
  accepted('B.2-17', 'what-the-agent-does-not-check'),
  message('B.3-19', 'server names with L7', 'agent', /ServerNames are not allowed with L7 rules without TLS termination/),
  accepted('B.3-19', 'server-names-with-l7-and-tls'),
  message('B.3-20', 'empty server name', 'agent', /empty server name is not allowed/),
  message('B.3-21', 'too many ports', 'agent', /too many ports, the max is 40/),
  agentAlone('B.3-21', 'too-many-ports'),
  accepted('B.3-21', 'forty-ports'),
  message('B.3-23', 'L7 not on TCP', 'agent', /L7 rules can only apply to TCP \(not \w+\) except for DNS rules/),
  accepted('B.3-23', 'dns-on-any-protocol'),
  message('B.3-24', 'listener on ingress', 'agent', /Listener is not allowed on ingress/),
  message('B.3-24', 'listener with L7', 'agent', /Listener is not allowed with L7 rules/),
  message('B.3-25', 'L7 on port 0', 'agent', /L7 rules can not be used when a port is 0/),
  broken('B.3-25', 'dns-on-port-zero', 'agent', /L7 rules can not be used when a port is 0/),
  message('B.3-26', 'DNS without ports', 'agent', /port 53 must be specified for DNS rules/),
  accepted('B.3-26', 'http-without-ports'),
  message('B.3-27', 'several L7', 'agent', /multiple L7 protocol rule types specified in single rule/),
  schemaAlone('B.3-27', 'several-l7-empty'),
  schemaAlone('B.3-27', 'no-l7'),
  broken('B.3-28', 'bad-path', 'agent', /error parsing regexp/),
  broken('B.3-28', 'bad-method', 'agent', /error parsing regexp/),
  accepted('B.3-28', 'unchecked-host-and-headers'),
  message('B.3-28', 'header without name', 'agent', /Header name missing/),
  message('B.3-28', 'unknown mismatch', 'agent', /Invalid header action: /),
  message('B.3-28', 'secret without name', 'agent', /Secret name missing/),
  agentAlone('B.3-28', 'header-secret-without-name'),
  message('B.3-29', 'DNS name', 'agent', /Invalid characters in MatchName: .* \. and - characters are allowed/),
  broken('B.3-29', 'bad-dns-pattern', 'agent', /Invalid characters in MatchPattern/),
  schemaAlone('B.3-29', 'dns-name-and-pattern'),
  message('B.3-30', 'Kafka role and key', 'agent', /cannot set both Role .* and APIKey .* together/, BEFORE_20),
  message('B.3-30', 'Kafka key', 'agent', /invalid Kafka APIKey/, BEFORE_20),
  message('B.3-30', 'Kafka role', 'agent', /invalid Kafka Role/, BEFORE_20),
  message('B.3-30', 'Kafka version', 'agent', /invalid Kafka APIVersion/, BEFORE_20),
  message('B.3-30', 'Kafka topic length', 'agent', /kafka topic exceeds maximum len of 255/, BEFORE_20),
  message('B.3-30', 'Kafka topic', 'agent', /invalid Kafka Topic name/, BEFORE_20),
  message('B.3-30', 'l7 without l7proto', 'agent', /'l7' may only be specified when a 'l7proto' is also specified/, BEFORE_20),
  message('B.3-30', 'empty key', 'agent', /Empty key not allowed/, BEFORE_20),
  accepted('B.3-30', 'kafka-good', BEFORE_20),
  accepted('B.3-30', 'l7proto-good', BEFORE_20),
  schemaAlone('B.3-30', 'kafka-good', SINCE_20),
  schemaAlone('B.3-30', 'l7proto-good', SINCE_20),
  accepted('B.3-30', 'l7-with-http', SINCE_20),
  broken('B.3-31', 'bad-denied-port', 'agent', /ort must be specified|unable to parse port|invalid protocol/),
  accepted('B.3-31', 'l7-in-deny'),
  message('B.4-32', 'source', 'agent', /label source should be a non empty string with only alphanumeric characters/, SINCE_20),
  message('B.4-32', 'several sources', 'agent', /a valid label key only support ':' character as a source separator/, SINCE_20),
  message('B.4-32', 'name of a key', 'agent', /name part must consist of alphanumeric characters/),
  message('B.4-32', 'empty name of a key', 'agent', /name part must be non-empty/),
  message('B.4-32', 'domain of a key', 'agent', /prefix part a lowercase RFC 1123 subdomain must consist of/),
  message('B.4-32', 'length of a key', 'agent', /name part must be no more than 63 (characters|bytes)/),
  message('B.4-32', 'length of a domain', 'agent', /prefix part must be no more than 253 (characters|bytes)/),
  message('B.4-32', 'slashes', 'agent', /a (valid label key|qualified name) must consist of alphanumeric characters/),
  agentAlone('B.4-33', 'key-of-1.20-alone', BEFORE_20),
  accepted('B.4-33', 'key-of-1.20-alone', SINCE_20),
  accepted('B.4-33', 'key-of-older-minors-alone', BEFORE_20),
  agentAlone('B.4-33', 'key-of-older-minors-alone', SINCE_20),
  broken('B.4-34', 'bad-label-value', 'agent', /invalid label selector: matchLabels/),
  agentAlone('B.4-34', 'bad-expression-value'),
  message('B.4-35', 'no values', 'agent', /must be specified when `operator` is 'In' or 'NotIn'/),
  message('B.4-35', 'needless values', 'agent', /may not be specified when `operator` is 'Exists' or 'DoesNotExist'/),
  message('B.4-35', 'operator', 'agent', /not a valid selector operator/),
  agentAlone('B.4-35', 'bad-service-selector', ['1.19']),
  accepted('B.4-35', 'bad-service-selector', ['1.18', '1.20']),
  message('B.4-36', 'several errors', 'agent', /invalid label selector: \[/),
  message('B.4-37', 'group selector', 'agent', /failed to (parse|sanitize) cidrGroupSelector/),
  accepted('B.4-37', 'sourced-group-selector', SINCE_20),
  agentAlone('B.4-37', 'sourced-group-selector', BEFORE_20),
  message('B.5-38', 'no port', 'agent', /[Pp]ort must be specified/),
  accepted('B.5-38', 'no-port-with-the-switch', SINCE_19),
  schemaAlone('B.5-38', 'no-port-with-the-switch', SINCE_20),
  accepted('B.5-39', 'odd-port-name'),
  message('B.5-40', 'port of a protocol without ports', 'agent', /port must be empty or 0/, SINCE_19),
  accepted('B.5-40', 'extended-protocol-with-name', SINCE_19),
  message('B.5-41', 'port syntax', 'agent', /unable to parse port: strconv\.ParseUint: .* invalid syntax/),
  message('B.5-41', 'port range', 'agent', /unable to parse port: strconv\.ParseUint: .* value out of range/),
  agentAlone('B.5-41', 'bad-port'),
  accepted('B.5-41', 'odd-port-number'),
  message('B.5-42', 'DNS on a range', 'agent', /DNS rules do not support port ranges/),
  accepted('B.5-42', 'dns-on-half-a-range'),
  message('B.5-43', 'protocol', 'agent', /invalid protocol "/),
  schemaAlone('B.5-43', 'bad-protocol'),
  accepted('B.5-43', 'odd-range'),
  message('B.6-44', 'empty CIDR', 'agent', /IP must be specified/),
  message('B.6-44', 'CIDR', 'agent', /unable to parse CIDR: /),
  agentAlone('B.6-44', 'lax-cidr'),
  schemaAlone('B.6-44', 'bare-address'),
  accepted('B.6-44', 'cidr-with-host-bits'),
  message('B.6-45', 'no block', 'agent', /one of cidr, cidrGroupRef, or cidrGroupSelector is required/),
  message('B.6-45', 'several blocks', 'agent', /more than one of cidr, cidrGroupRef, or cidrGroupSelector may not be set/),
  schemaAlone('B.6-45', 'bad-group-name'),
  message('B.6-46', 'block', 'agent', /unable to parse CIDRRule /),
  broken('B.6-46', 'bad-except', 'agent', /netip\.ParsePrefix/),
  broken('B.6-46', 'except-outside', 'agent', /allow CIDR prefix .* does not contain exclude CIDR prefix/),
  broken('B.6-46', 'except-wider', 'agent', /allow CIDR prefix .* does not contain exclude CIDR prefix/),
  accepted('B.6-46', 'except-wider', BEFORE_20),
  accepted('B.6-46', 'except-equal'),
  accepted('B.6-46', 'bad-except-of-a-group'),
  message('B.7-47', 'name and pattern', 'agent', /only one of MatchName or MatchPattern is allowed in an FQDNSelector/),
  schemaAlone('B.7-47', 'no-name-nor-pattern'),
  accepted('B.7-47', 'name-and-null-pattern'),
  message('B.7-48', 'name', 'agent', /Invalid characters in MatchName: .* \.(, -, _)? (and - )?characters are allowed/),
  schemaAlone('B.7-48', 'name-for-the-agent-alone'),
  broken('B.7-49', 'bad-pattern', 'agent', /Invalid characters in MatchPattern/),
  schemaAlone('B.7-49', 'pattern-for-the-agent-alone'),
  message('B.7-49', 'length', 'agent', /Invalid MatchPattern: .* Must be <= 255 characters long/, SINCE_19),
  schemaAlone('B.7-49', 'long-pattern'),
  accepted('B.7-49', 'longest-pattern'),
  message('B.8-50', 'too many types', 'agent', /too many types, the max is 40/),
  accepted('B.8-50', 'forty-types'),
  message('B.8-51', 'family', 'agent', /wrong family: /),
  message('B.8-52', 'type', 'agent', /ICMP type .* not found in IPv[46]/),
  agentAlone('B.8-52', 'type-name-of-the-other-family'),
  agentAlone('B.8-52', 'misspelt-type-name'),
  schemaAlone('B.8-52', 'misspelt-type-name'),
  accepted('B.8-52', 'type-out-of-range'),
  broken('B.8-52', 'type-missing', 'agent', /^panic: /),
  message('B.9-53', 'namespaced without name', 'agent', /CiliumNetworkPolicy must have name/),
  message('B.9-53', 'clusterwide without name', 'agent', /CiliumClusterwideNetworkPolicy must have name/),
  message('B.9-54', 'namespaced without rules', 'agent', /Invalid CiliumNetworkPolicy spec\(s\): empty policy/),
  message('B.9-54', 'clusterwide without rules', 'agent', /Invalid CiliumClusterwideNetworkPolicy spec\(s\): empty policy/),
  agentAlone('B.9-54', 'no-spec'),
  accepted('B.9-54', 'empty-specs'),
  broken('B.9-54', 'null-in-specs', 'agent', /^panic: /),
  message('B.9-55', 'namespaced spec', 'agent', /^Invalid CiliumNetworkPolicy spec: /),
  message('B.9-55', 'namespaced specs', 'agent', /^Invalid CiliumNetworkPolicy specs: /),
  message('B.9-55', 'clusterwide spec', 'agent', /^Invalid CiliumClusterwideNetworkPolicy spec: /),
  message('B.9-55', 'clusterwide specs', 'agent', /^Invalid CiliumClusterwideNetworkPolicy specs: /),
  broken('B.9-56', 'nodes-in-cnp', 'agent', /Invalid CiliumNetworkPolicy spec: rule cannot have NodeSelector/),
  broken('B.9-56', 'nodes-in-cnp-specs', 'agent', /Invalid CiliumNetworkPolicy spec: rule cannot have NodeSelector/),
  schemaAlone('B.9-57', 'cnp-nowhere'),
  schemaAlone('B.9-57', 'node-cnp-nowhere'),
  accepted('B.9-58', 'conflicting-namespace'),
];

const SCHEMA_FAMILIES: readonly Family[] = [
  message('A', 'required', 'schema', /: Required value/),
  message('A', 'enum', 'schema', /Unsupported value: .* supported values: /),
  message('A', 'oneOf with none', 'schema', /must validate one and only one schema \(oneOf\)\. Found none valid/),
  message('A', 'oneOf with several', 'schema', /must validate one and only one schema \(oneOf\)\. Found \d valid alternatives/),
  message('A', 'anyOf', 'schema', /must validate at least one schema \(anyOf\)/),
  message('A', 'format cidr', 'schema', /must be of type cidr/),
  ...['string', 'object', 'array', 'integer', 'boolean', 'integer,string'].map((type) =>
    message('A', `type ${type}`, 'schema', new RegExp(`must be of type ${type}: `)),
  ),
  message('A', 'format int32', 'schema', /must be of type int32: |with format int32/, SINCE_20),
  message('A', 'maxItems', 'schema', /Too many: \d+: must have at most \d+ items/),
  message('A', 'minItems', 'schema', /should have at least 1 items/),
  message('A', 'maxLength', 'schema', /Too long: may not be more than \d+ bytes/),
  message('A', 'minLength', 'schema', /should be at least 1 chars long/),
  message('A', 'minimum', 'schema', /should be greater than or equal to/),
  message('A', 'maximum', 'schema', /should be less than or equal to/),
  message('A', 'set', 'schema', /Duplicate value/),
  message('A', 'unknown field', 'unknown', /./),
  ...(
    [
      ['port', /ports\[\d+\]\.port in body should match/],
      ['cidrGroupRef', /cidrGroupRef in body should match/],
      ['matchName', /matchName in body should match/],
      ['matchPattern', /matchPattern in body should match/],
      ['log.value', /log\.value in body should match/],
      ['matchLabels', /matchLabels\..* in body should match/],
      ['serverNames', /serverNames\[\d+\] in body should match/],
      ['ICMP type', /fields\[\d+\]\.type in body should match/],
    ] as const
  ).map(([field, words]) => message('A', `pattern of ${field}`, 'schema', words)),
  ...['protocol', 'family', 'mode', 'operator', 'mismatch', 'envoyConfig.kind'].map((field) =>
    message('A', `enum of ${field}`, 'schema', new RegExp(`\\.${field}: Unsupported value`)),
  ),
  message('A', 'enum of entities', 'schema', /Entities\[\d+\]: Unsupported value/),
  message('A', 'enum of a Kafka role', 'schema', /\.role: Unsupported value/, BEFORE_20),
  ...['key', 'operator', 'mode', 'secret', 'name', 'envoyConfig', 'selector', 'type', 'externalCIDRs', 'spec'].map((field) =>
    message('A', `required ${field}`, 'schema', new RegExp(`(^|\\.)${field}: Required value`)),
  ),
  message('A', 'required port', 'schema', /\.port: Required value/, BEFORE_19),
  broken('A.1', 'no-spec', 'cel', /spec or specs must be provided/, SINCE_20),
  message('A.1', 'no name', 'schema', /metadata\.name: Required value: name or generateName is required/),
  message('A.1', 'no namespace', 'schema', /metadata\.namespace: Required value/),
  message('A.1', 'needless namespace', 'schema', /metadata\.namespace: Forbidden: not allowed on this type/),
  message('A.1', 'name', 'schema', /metadata\.name: Invalid value/),
  message('A.1', 'generateName', 'schema', /metadata\.generateName: Invalid value/),
  message('A.1', 'namespace', 'schema', /metadata\.namespace: Invalid value/),
  message('A.1', 'labels', 'schema', /metadata\.labels: Invalid value/),
  message('A.1', 'annotations', 'schema', /metadata\.annotations: Invalid value/),
  message('A.1', 'types in metadata', 'schema', /metadata: Internal error: json: cannot unmarshal/),
  message('A.1', 'unknown in metadata', 'unknown', /^metadata\./),
  message('A.1', 'unknown on top', 'unknown', /^description$/),
  message('A.2', 'unknown in deny', 'unknown', /(in|e)gressDeny\[\d+\]\.\w+$/),
  accepted('A.2', 'longest-log-value'),
  schemaAlone('A.2', 'unprintable-log-value'),
  schemaAlone('A.6', 'no-server-names'),
  accepted('A.6', 'server-names-of-1.20', SINCE_20),
  schemaAlone('A.6', 'server-names-of-1.20', BEFORE_20),
  accepted('A.6', 'tls-odd-names'),
  accepted('A.10', 'group-of-nothing'),
  accepted('A.10', 'lax-block-in-group'),
  schemaAlone('A.10', 'bad-block-in-group'),
  broken('A', 'null-item', 'schema', /in body must be of type/),
  accepted('A', 'null-member'),
  accepted('A', 'misspelt-field'),
  message('A', 'decoding', 'agent', /^json: cannot unmarshal/),
];

/** Since 1.19, the parser of NetworkPolicy does not check selectors and ports. */
const NETWORK_POLICY_FAMILIES: readonly Family[] = [
  { rule: 'NetworkPolicy', name: 'accepted', isHit: (one, answer) => isKind(one, 'NetworkPolicy') && isAccepted(answer) },
  { rule: 'NetworkPolicy', name: 'refused', isHit: (one, answer) => isKind(one, 'NetworkPolicy') && !isSilent(answer, 'agent') },
  broken('NetworkPolicy', 'network-policy-block-of-nonsense', 'agent', /./),
  agentAlone('NetworkPolicy', 'network-policy-bad-key', BEFORE_19),
  agentAlone('NetworkPolicy', 'network-policy-bad-expression', BEFORE_19),
  agentAlone('NetworkPolicy', 'network-policy-odd-port', BEFORE_19),
  broken('NetworkPolicy', 'network-policy-wrong-type', 'agent', /cannot unmarshal/),
  accepted('NetworkPolicy', 'network-policy-bad-key', SINCE_19),
  accepted('NetworkPolicy', 'network-policy-odd-port', SINCE_19),
  accepted('NetworkPolicy', 'network-policy-odd-range'),
  accepted('NetworkPolicy', 'network-policy-null-part'),
];

export const FAMILIES: readonly Family[] = [...AGENT_FAMILIES, ...SCHEMA_FAMILIES, ...NETWORK_POLICY_FAMILIES];
