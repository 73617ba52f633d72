/** Generates the rules of a CiliumNetworkPolicy or a CiliumClusterwideNetworkPolicy, for `spec` and for each item of `specs`. */
import fc from 'fast-check';
import { among, few, joined, members, weighted } from './choices';
import { JsonObject } from './json';
import { peers } from './peers';
import { Direction, Scope } from './scope';
import { endpointSelectors, nodeSelectors } from './selectors';
import { allowedTraffic, deniedTraffic } from './traffic';

/** A rule that selects pods or nodes. */
export function rules(scope: Scope, subject: 'pods' | 'host'): fc.Arbitrary<JsonObject> {
  const selector: fc.Arbitrary<JsonObject> =
    subject === 'pods'
      ? endpointSelectors(scope, 'subject').map((endpointSelector) => ({ endpointSelector }))
      : nodeSelectors(scope).map((nodeSelector) => ({ nodeSelector }));
  return joined(members({ description: [6, among('lets the shop in', '')] }), selector, sections(scope, subject), remarks);
}

/** The four sections. At least one is not empty. */
function sections(scope: Scope, subject: 'pods' | 'host'): fc.Arbitrary<JsonObject> {
  const ingress = few(allowed(scope, 'ingress', subject)).map((list): JsonObject => ({ ingress: list }));
  const egress = few(allowed(scope, 'egress', subject)).map((list): JsonObject => ({ egress: list }));
  const ingressDeny = few(denied(scope, 'ingress')).map((list): JsonObject => ({ ingressDeny: list }));
  const egressDeny = few(denied(scope, 'egress')).map((list): JsonObject => ({ egressDeny: list }));
  const empty = among<JsonObject>({ ingress: [] }, { egress: [] }, { ingressDeny: [] }, { egressDeny: [] });
  return weighted(
    [30, ingress],
    [30, egress],
    [16, joined(ingress, egress)],
    [7, ingressDeny],
    [7, egressDeny],
    [4, joined(ingress, ingressDeny)],
    [4, joined(egress, egressDeny)],
    [3, joined(empty, weighted([1, ingress], [1, egress], [1, ingressDeny], [1, egressDeny]))],
    [6, joined(ingress, ingressDeny, egress, egressDeny)],
  );
}

function allowed(scope: Scope, direction: Direction, subject: 'pods' | 'host'): fc.Arbitrary<JsonObject> {
  const mode = among('required', 'disabled', 'test-always-fail');
  const element = joined(
    peers(scope, direction, 'allow'),
    allowedTraffic(scope, direction, subject),
    members({ authentication: [5, fc.record({ mode })] }),
  );
  return weighted<JsonObject>([1, fc.constant({})], [30, element]);
}

function denied(scope: Scope, direction: Direction): fc.Arbitrary<JsonObject> {
  return weighted<JsonObject>([1, fc.constant({})], [30, joined(peers(scope, direction, 'deny'), deniedTraffic(scope))]);
}

const remarks: fc.Arbitrary<JsonObject> = members({
  enableDefaultDeny: [12, members({ ingress: [70, fc.boolean()], egress: [70, fc.boolean()] })],
  labels: [
    6,
    few(
      members({ key: [100, among('owner', 'app.kubernetes.io/part-of')], value: [80, among('shop', '')], source: [30, among('k8s', '')] }),
      0,
    ),
  ],
  log: [5, members({ value: [90, among('shop', 'größe ✓', '')] })],
});
