/** The checks of the API server and of the agent, in the order of their codes. A test compares these lists with the files. */
import { check as cil201 } from './agent/CIL201-mixed-peer-kinds';
import { check as cil202 } from './agent/CIL202-rule-without-section';
import { check as cil203 } from './agent/CIL203-no-subject';
import { check as cil204 } from './agent/CIL204-node-selector-in-namespace';
import { check as cil205 } from './agent/CIL205-malformed-selector-key';
import { check as cil206 } from './agent/CIL206-malformed-selector-value';
import { check as cil207 } from './agent/CIL207-wrong-operator-values';
import { check as cil208 } from './agent/CIL208-unknown-entity';
import { check as cil209 } from './agent/CIL209-malformed-block';
import { check as cil210 } from './agent/CIL210-hole-outside-block';
import { check as cil211 } from './agent/CIL211-ambiguous-block';
import { check as cil212 } from './agent/CIL212-missing-port';
import { check as cil213 } from './agent/CIL213-malformed-port';
import { check as cil214 } from './agent/CIL214-port-of-portless-protocol';
import { check as cil215 } from './agent/CIL215-unknown-protocol';
import { check as cil216 } from './agent/CIL216-too-many-ports';
import { check as cil217 } from './agent/CIL217-dns-on-ingress';
import { check as cil218 } from './agent/CIL218-l7-on-host';
import { check as cil219 } from './agent/CIL219-l7-without-tcp';
import { check as cil220 } from './agent/CIL220-l7-on-every-port';
import { check as cil221 } from './agent/CIL221-dns-without-port';
import { check as cil222 } from './agent/CIL222-mixed-l7-kinds';
import { check as cil223 } from './agent/CIL223-malformed-regex';
import { check as cil224 } from './agent/CIL224-malformed-header-match';
import { check as cil225 } from './agent/CIL225-malformed-dns-name';
import { check as cil226 } from './agent/CIL226-dns-port-range';
import { check as cil227 } from './agent/CIL227-server-names-with-l7';
import { check as cil228 } from './agent/CIL228-empty-server-name';
import { check as cil229 } from './agent/CIL229-listener-out-of-place';
import { check as cil230 } from './agent/CIL230-icmp-with-ports';
import { check as cil231 } from './agent/CIL231-too-many-icmp-types';
import { check as cil232 } from './agent/CIL232-unknown-icmp-family';
import { check as cil233 } from './agent/CIL233-unknown-icmp-type';
import { check as cil234 } from './agent/CIL234-l7-proxy-off';
import { check as cil235 } from './agent/CIL235-icmp-rules-off';
import { check as cil236 } from './agent/CIL236-node-peers-off';
import { check as cil237 } from './agent/CIL237-malformed-kafka-rule';
import { check as cil238 } from './agent/CIL238-l7-without-proto';
import { check as cil239 } from './agent/CIL239-empty-policy';
import { check as cil240 } from './agent/CIL240-undecodable';
import { check as cil241 } from './agent/CIL241-malformed-ip-block';
import { check as cil242 } from './agent/CIL242-denied-domain-names';
import type { AgentCheck, SchemaCheck } from './check';
import { check as cil101 } from './schema/CIL101-wrong-type';
import { check as cil102 } from './schema/CIL102-missing-field';
import { check as cil103 } from './schema/CIL103-unknown-field';
import { check as cil104 } from './schema/CIL104-unknown-word';
import { check as cil105 } from './schema/CIL105-malformed-text';
import { check as cil106 } from './schema/CIL106-malformed-cidr';
import { check as cil107 } from './schema/CIL107-number-out-of-range';
import { check as cil108 } from './schema/CIL108-text-too-long';
import { check as cil109 } from './schema/CIL109-too-many-items';
import { check as cil110 } from './schema/CIL110-none-or-several';
import { check as cil111 } from './schema/CIL111-duplicate-item';
import { check as cil112 } from './schema/CIL112-broken-rule';
import { check as cil113 } from './schema/CIL113-malformed-metadata';
import { check as cil114 } from './schema/CIL114-end-port-without-number';
import { check as cil115 } from './schema/CIL115-hole-outside-ip-block';
import { check as cil116 } from './schema/CIL116-legacy-cidr';
import { check as cil117 } from './schema/CIL117-object-too-large';
import { check as cil118 } from './schema/CIL118-experimental-field';

export const SCHEMA_CHECKS: readonly SchemaCheck[] = [
  cil101,
  cil102,
  cil103,
  cil104,
  cil105,
  cil106,
  cil107,
  cil108,
  cil109,
  cil110,
  cil111,
  cil112,
  cil113,
  cil114,
  cil115,
  cil116,
  cil117,
  cil118,
];

export const AGENT_CHECKS: readonly AgentCheck[] = [
  cil201,
  cil202,
  cil203,
  cil204,
  cil205,
  cil206,
  cil207,
  cil208,
  cil209,
  cil210,
  cil211,
  cil212,
  cil213,
  cil214,
  cil215,
  cil216,
  cil217,
  cil218,
  cil219,
  cil220,
  cil221,
  cil222,
  cil223,
  cil224,
  cil225,
  cil226,
  cil227,
  cil228,
  cil229,
  cil230,
  cil231,
  cil232,
  cil233,
  cil234,
  cil235,
  cil236,
  cil237,
  cil238,
  cil239,
  cil240,
  cil241,
  cil242,
];
