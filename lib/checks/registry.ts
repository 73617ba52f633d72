/** Every check, in the order of its code. A test compares these lists with the files. */
import { AGENT_CHECKS, SCHEMA_CHECKS } from '../admission/registry';
import type { Check, IntentCheck, ReadCheck, SelfCheck, SetCheck } from './check';
import { check as cil601 } from './habits/CIL601-unprefixed-name';
import { check as cil602 } from './habits/CIL602-clusterwide-elsewhere';
import { check as cil603 } from './habits/CIL603-no-default-deny';
import { check as cil604 } from './habits/CIL604-no-dns-baseline';
import { check as cil605 } from './habits/CIL605-open-namespace';
import { check as cil606 } from './habits/CIL606-unprotected-pods';
import { check as cil301 } from './intent/CIL301-envoy-refuses-pattern';
import { check as cil302 } from './intent/CIL302-group-of-everything';
import { check as cil303 } from './intent/CIL303-operator-without-effect';
import { check as cil304 } from './intent/CIL304-accepted-look-ups';
import { check as cil305 } from './intent/CIL305-address-as-name';
import { check as cil306 } from './intent/CIL306-name-under-any-domain';
import { check as cil307 } from './intent/CIL307-deep-wildcard';
import { check as cil308 } from './intent/CIL308-label-outside-identity';
import { check as cil309 } from './intent/CIL309-misnamed-label';
import { check as cil310 } from './intent/CIL310-contradicting-selector';
import { check as cil311 } from './intent/CIL311-dotted-service-name';
import { check as cil312 } from './intent/CIL312-empty-list-opens';
import { check as cil313 } from './intent/CIL313-ports-of-nothing';
import { check as cil314 } from './intent/CIL314-extra-dash';
import { check as cil315 } from './intent/CIL315-split-selector';
import { check as cil316 } from './intent/CIL316-unlisted-section';
import { check as cil317 } from './intent/CIL317-empty-rule';
import { check as cil318 } from './intent/CIL318-deny-of-probes';
import { check as cil319 } from './intent/CIL319-host-bits';
import { check as cil320 } from './intent/CIL320-icmp-reply-without-request';
import { check as cil321 } from './intent/CIL321-http-on-tls-port';
import { check as cil322 } from './intent/CIL322-path-as-glob';
import { check as cil323 } from './intent/CIL323-path-without-slash';
import { check as cil324 } from './intent/CIL324-lower-case-method';
import { check as cil325 } from './intent/CIL325-header-as-regex';
import { check as cil326 } from './intent/CIL326-header-without-space';
import { check as cil327 } from './intent/CIL327-host-without-remote-node';
import { check as cil328 } from './intent/CIL328-redundant-entity';
import { check as cil330 } from './intent/CIL330-authentication-off';
import { check as cil331 } from './intent/CIL331-resolver-in-own-namespace';
import { check as cil332 } from './intent/CIL332-api-service-address';
import { check as cil333 } from './intent/CIL333-namespace-by-name-label';
import { check as cil334 } from './intent/CIL334-control-plane-pods';
import { check as cil335 } from './intent/CIL335-empty-section';
import { check as cil336 } from './intent/CIL336-world-as-api-server';
import { check as cil501 } from './inventory/CIL501-networks-in-cluster';
import { check as cil502 } from './inventory/CIL502-names-without-resolver';
import { check as cil503 } from './inventory/CIL503-service-not-found';
import { check as cil504 } from './inventory/CIL504-cidr-over-cluster';
import { check as cil505 } from './inventory/CIL505-unknown-namespace';
import { check as cil506 } from './inventory/CIL506-subject-selects-nobody';
import { check as cil507 } from './inventory/CIL507-peer-selects-nobody';
import { check as cil508 } from './inventory/CIL508-undefined-port-name';
import { check as cil509 } from './inventory/CIL509-service-port';
import { check as cil510 } from './inventory/CIL510-host-network-pods';
import { check as cil511 } from './inventory/CIL511-selects-no-node';
import { check as cil513 } from './inventory/CIL513-port-name-disagrees';
import { check as cil514 } from './inventory/CIL514-unknown-cidr-group';
import { check as cil515 } from './inventory/CIL515-resolver-elsewhere';
import { check as cil516 } from './inventory/CIL516-proxy-refused';
import { check as cil517 } from './inventory/CIL517-one-sided';
import { check as cil001 } from './read/CIL001-syntax';
import { check as cil002 } from './read/CIL002-duplicate-key';
import { check as cil003 } from './read/CIL003-unrendered-template';
import { check as cil004 } from './read/CIL004-ignored-text';
import { check as cil005 } from './read/CIL005-duplicate-policy';
import { check as cil006 } from './read/CIL006-wrong-api-version';
import { check as cil007 } from './read/CIL007-unknown-kind';
import { check as cil008 } from './read/CIL008-too-large';
import { check as cil009 } from './read/CIL009-unreadable-file';
import { check as cil010 } from './read/CIL010-placeholder';
import { check as cil011 } from './read/CIL011-misread-list';
import { check as cil012 } from './read/CIL012-program-warning';
import { check as cil013 } from './read/CIL013-merge-order';
import { check as cil901 } from './self/CIL901-unused-suppression';
import { check as cil902 } from './self/CIL902-malformed-suppression';
import { check as cil903 } from './self/CIL903-too-many-findings';
import { check as cil909 } from './self/CIL909-internal-error';
import { check as cil401 } from './set/CIL401-shared-priority';
import { check as cil402 } from './set/CIL402-pass-without-effect';
import { check as cil403 } from './set/CIL403-overruled-rule';
import { check as cil404 } from './set/CIL404-not-enforced';
import { check as cil405 } from './set/CIL405-refused-look-up';
import { check as cil406 } from './set/CIL406-names-without-dns-rule';
import { check as cil407 } from './set/CIL407-look-ups-beside-proxy';
import { check as cil408 } from './set/CIL408-no-dns-rule';
import { check as cil409 } from './set/CIL409-no-dns';
import { check as cil410 } from './set/CIL410-moot-requests';
import { check as cil411 } from './set/CIL411-deny-only';
import { check as cil412 } from './set/CIL412-denied-rule';
import { check as cil413 } from './set/CIL413-rule-without-effect';
import { check as cil414 } from './set/CIL414-undone-except';
import { check as cil415 } from './set/CIL415-conflicting-rules';
import { check as cil416 } from './set/CIL416-node-lockout';
import { check as cil417 } from './set/CIL417-denied-names';
import { check as cil418 } from './set/CIL418-world-closes-cluster';
import { check as cil419 } from './set/CIL419-refused-search-names';
import { check as cil420 } from './set/CIL420-unknown-annotation';

export const READ_CHECKS: readonly ReadCheck[] = [
  cil001,
  cil002,
  cil003,
  cil004,
  cil005,
  cil006,
  cil007,
  cil008,
  cil009,
  cil010,
  cil011,
  cil012,
  cil013,
];

export const SET_CHECKS: readonly SetCheck[] = [
  cil401,
  cil402,
  cil403,
  cil404,
  cil405,
  cil406,
  cil407,
  cil408,
  cil409,
  cil410,
  cil411,
  cil412,
  cil413,
  cil414,
  cil415,
  cil416,
  cil417,
  cil418,
  cil419,
  cil420,
  cil501,
  cil502,
  cil503,
  cil504,
  cil505,
  cil506,
  cil507,
  cil508,
  cil509,
  cil510,
  cil511,
  cil513,
  cil514,
  cil515,
  cil516,
  cil517,
  cil601,
  cil602,
  cil603,
  cil604,
  cil605,
  cil606,
];

export const INTENT_CHECKS: readonly IntentCheck[] = [
  cil301,
  cil302,
  cil303,
  cil304,
  cil305,
  cil306,
  cil307,
  cil308,
  cil309,
  cil310,
  cil311,
  cil312,
  cil313,
  cil314,
  cil315,
  cil316,
  cil317,
  cil318,
  cil319,
  cil320,
  cil321,
  cil322,
  cil323,
  cil324,
  cil325,
  cil326,
  cil327,
  cil328,
  cil330,
  cil331,
  cil332,
  cil333,
  cil334,
  cil335,
  cil336,
];

const SELF_CHECKS: readonly SelfCheck[] = [cil901, cil902, cil903, cil909];

export const CHECKS: readonly Check[] = [
  ...READ_CHECKS,
  ...SCHEMA_CHECKS,
  ...AGENT_CHECKS,
  ...INTENT_CHECKS,
  ...SET_CHECKS,
  ...SELF_CHECKS,
];

/** The check with a code, for example `CIL201`. The case does not matter. */
export function checkOf(code: string): Check | undefined {
  return CHECKS.find((check) => check.code === code.toUpperCase());
}

/** The codes of all checks. */
export const CODES: readonly string[] = CHECKS.map(({ code }) => code);
