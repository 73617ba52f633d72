/** The types of the options and flows that programs give: an option that is misspelt must not be dropped in silence. */
import { flag, listOf, mapping, number, Shape, some, text, texts } from '../../props/shape';
import type { PolicyCheckOptions } from '../policy-check-options';
import type { PolicyFlow } from '../policy-flow';
import type { PolicyGuardOptions } from '../policy-guard-options';
import type { PolicySimulatorOptions } from '../policy-simulator-options';

export const CHECK_OPTIONS: Shape<PolicyCheckOptions> = {
  cilium: { optional: text },
  config: { optional: texts },
  values: { optional: texts },
  inventory: { optional: listOf(text) },
  only: { optional: some(listOf(text), 'no check would run: leave it out to run every check') },
  ignore: { optional: listOf(text) },
  maxWarnings: { optional: number },
};

export const GUARD_OPTIONS: Shape<PolicyGuardOptions> = {
  file: { optional: text },
  properties: { optional: mapping },
  cilium: { optional: text },
  config: { optional: texts },
  values: { optional: texts },
  inventory: { optional: listOf(text) },
  possiblePods: { optional: flag },
};

export const SIMULATOR_OPTIONS: Shape<PolicySimulatorOptions> = {
  cilium: { optional: text },
  config: { optional: texts },
  values: { optional: texts },
  inventory: { optional: listOf(text) },
  names: { optional: texts },
  learn: { optional: flag },
};

export const FLOW: Shape<PolicyFlow> = {
  source: text,
  destination: text,
  port: { optional: number },
  protocol: { optional: text },
  icmpType: { optional: text },
  icmpCode: { optional: number },
  httpMethod: { optional: text },
  httpPath: { optional: text },
  httpHost: { optional: text },
  httpHeaders: { optional: texts },
  dns: { optional: text },
  serverName: { optional: text },
};
