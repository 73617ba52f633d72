/** The kinds of objects that are judged here, and other kinds of Cilium. */
import { NEWEST } from '../crd/minor';
import { resourcesOf } from '../crd/schema';
import type { Resource } from '../model/origin';

/** Whether the kind and version of an object are judged. */
export function isJudged({ kind, apiVersion }: Resource): boolean {
  return JUDGED.get(kind)?.includes(apiVersion) ?? false;
}

/** The kinds that are judged, with their known versions. */
export const JUDGED: ReadonlyMap<string, readonly string[]> = new Map([
  ...[...new Set(resourcesOf(NEWEST).map(({ kind }) => kind))].map((kind): [string, readonly string[]] => [kind, versionsOf(kind)]),
  ['NetworkPolicy', ['networking.k8s.io/v1']],
]);

function versionsOf(kind: string): readonly string[] {
  return resourcesOf(NEWEST)
    .filter((resource) => resource.kind === kind)
    .map(({ apiVersion }) => apiVersion);
}

/** Other kinds of Cilium, which do not allow or deny connections. */
export const OTHER_KINDS = [
  'CiliumBGPAdvertisement',
  'CiliumBGPClusterConfig',
  'CiliumBGPNodeConfig',
  'CiliumBGPNodeConfigOverride',
  'CiliumBGPPeerConfig',
  'CiliumBGPPeeringPolicy',
  'CiliumClusterwideEnvoyConfig',
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
];
