/** The kinds of objects that are judged here, and other kinds of Cilium. */
import { NEWEST } from '../crd/minor';
import { resourcesOf } from '../crd/schema';
import type { Resource } from '../model/origin';
import { isSlip } from '../net/did-you-mean';

/** Whether the kind and version of an object are judged. */
export function isJudged({ kind, apiVersion }: Resource): boolean {
  return JUDGED.get(kind)?.includes(apiVersion) ?? false;
}

/** The kinds that are judged, with their known versions. */
export const JUDGED: ReadonlyMap<string, readonly string[]> = new Map([
  ...[...new Set(resourcesOf(NEWEST).map(({ kind }) => kind))].map((kind): [string, readonly string[]] => [kind, versionsOf(kind)]),
  ['NetworkPolicy', ['networking.k8s.io/v1']],
  ['ClusterNetworkPolicy', ['policy.networking.k8s.io/v1alpha2']],
]);

/**
 * Whether an object has a judged kind in a group where that kind is meant: its own group, or one that is a mistake.
 *
 * Other groups have kinds of the same name, for example the `NetworkPolicy` of Calico and of Antrea, and those are not judged. A kind whose name
 * begins with `Cilium` is only Cilium's.
 */
export function isMeant({ kind, apiVersion }: Pick<Resource, 'kind' | 'apiVersion'>): boolean {
  const known = JUDGED.get(kind);
  const group = groupOf(apiVersion);
  return known !== undefined && (kind.startsWith('Cilium') || !group.includes('.') || isSlip(group, groupOf(known[0])));
}

export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

function versionsOf(kind: string): readonly string[] {
  return resourcesOf(NEWEST)
    .filter((resource) => resource.kind === kind)
    .map(({ apiVersion }) => apiVersion);
}

/** The other kinds of `cilium.io`: those of Cilium 1.18 to 1.20 and of Tetragon. */
export const OTHER_KINDS: readonly string[] = [
  'CiliumBGPAdvertisement',
  'CiliumBGPClusterConfig',
  'CiliumBGPNodeConfig',
  'CiliumBGPNodeConfigOverride',
  'CiliumBGPPeerConfig',
  'CiliumBGPPeeringPolicy',
  'CiliumClusterwideEnvoyConfig',
  'CiliumDatapathPlugin',
  'CiliumEgressGatewayPolicy',
  'CiliumEndpoint',
  'CiliumEndpointSlice',
  'CiliumEnvoyConfig',
  'CiliumExternalWorkload',
  'CiliumGatewayClassConfig',
  'CiliumIdentity',
  'CiliumL2AnnouncementPolicy',
  'CiliumLoadBalancerIPPool',
  'CiliumLocalRedirectPolicy',
  'CiliumNode',
  'CiliumNodeConfig',
  'CiliumPodIPPool',
  'PodInfo',
  'TracingPolicy',
  'TracingPolicyNamespaced',
];

/** All kinds of `cilium.io`. */
export const KINDS_OF_CILIUM: readonly string[] = [...[...JUDGED.keys()].filter((kind) => kind.startsWith('Cilium')), ...OTHER_KINDS];
