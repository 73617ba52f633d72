/** Every check, in the order of its code. A test compares these lists with the files. */
import { AGENT_CHECKS, SCHEMA_CHECKS } from '../admission/registry';
import type { Check, IntentCheck, ReadCheck, SelfCheck, SetCheck } from './check';
import { check as cil301 } from './intent/CIL301-envoy-refuses-pattern';
import { check as cil302 } from './intent/CIL302-group-of-everything';
import { check as cil303 } from './intent/CIL303-operator-without-effect';
import { check as cil304 } from './intent/CIL304-accepted-look-ups';
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
];

export const INTENT_CHECKS: readonly IntentCheck[] = [cil301, cil302, cil303, cil304];

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
