/**
 * The keys that Cilium's Helm chart writes into `cilium-config` for given values: those that change an answer.
 *
 * Source: `install/kubernetes/cilium/templates/cilium-configmap.yaml` and `values.yaml` of each minor. `npm run conformance:helm` compares the keys
 * with what Helm writes.
 */
import { isSince, Minor } from '../crd/minor';
import type { AgentConfig } from '../model/config';
import { asObject, isObject, Json, JsonObject } from '../model/json';
import { accepted, Parsed, refused } from '../net/parsed';

/** The keys for values; rejected if the chart has no ConfigMap for them. */
export function chartConfig(values: JsonObject, minor: Minor): Parsed<AgentConfig> {
  const chart: Chart = { values, minor };
  const replacement = text(at(chart, 'kubeProxyReplacement')) || 'false';
  if (replacement !== 'true' && replacement !== 'false') {
    return refused('`kubeProxyReplacement` must be true or false', 'the chart accepts no other value');
  }
  const { extraConfig } = values;
  const wrong = Object.keys(asObject(extraConfig)).find((key) => typeof asObject(extraConfig)[key] === 'object');
  if (wrong !== undefined) {
    return refused('`extraConfig` must be a mapping of keys of `cilium-config` to strings');
  }
  return accepted({
    ...present({
      'cluster-name': text(at(chart, 'cluster.name')),
      'cluster-id': given(chart, 'cluster.id'),
      'enable-host-firewall': minor === '1.18' ? ifTrue(isTrue(chart, 'hostFirewall.enabled')) : text(at(chart, 'hostFirewall.enabled')),
      'enable-ipv4': text(at(chart, 'ipv4.enabled')),
      'enable-ipv6': text(at(chart, 'ipv6.enabled')),
      'enable-node-selector-labels': text(at(chart, 'nodeSelectorLabels')),
      'enable-policy': given(chart, 'policyEnforcementMode')?.toLowerCase(),
      labels: given(chart, 'labels'),
      'node-labels': given(chart, 'nodeLabels'),
      'policy-cidr-match-mode': joined(at(chart, 'policyCIDRMatchMode')),
      'policy-default-local-cluster': text(at(chart, 'clustermesh.policyDefaultLocalCluster')),
      'enable-non-default-deny-policies': text(at(chart, 'enableNonDefaultDenyPolicies')),
      'enable-envoy-config': ifTrue(hasEnvoyConfig(chart)),
      'enable-local-redirect-policy': ifTrue(isTrue(chart, 'localRedirectPolicies.enabled') || isTrue(chart, 'localRedirectPolicy')),
      'enable-k8s-cluster-network-policy': ifTrue(isSince(minor, '1.20') && isTrue(chart, 'k8sClusterNetworkPolicy.enabled')),
      'enable-k8s-networkpolicy': given(chart, 'k8sNetworkPolicy.enabled'),
      'enable-l7-proxy': given(chart, 'l7Proxy'),
      'enable-sctp': given(chart, 'sctp.enabled'),
      'mesh-auth-enabled': text(at(chart, 'authentication.enabled')),
      'policy-audit-mode': given(chart, 'policyAuditMode'),
      'routing-mode': text(at(chart, 'routingMode')) || (isNative(chart) ? 'native' : 'tunnel'),
      'k8s-service-proxy-name': given(chart, 'k8s.serviceProxyName'),
      'kube-proxy-replacement': replacement,
      'bpf-lb-external-clusterip': given(chart, 'bpf.lbExternalClusterIP'),
      'bpf-lb-sock': given(chart, 'socketLB.enabled'),
      'bpf-lb-sock-hostns-only':
        isSince(minor, '1.20') && isTrue(chart, 'gatewayAPI.enabled') ? 'true' : given(chart, 'socketLB.hostNamespaceOnly'),
      'disable-external-ip-mitigation': whole(chart, 'bpf.disableExternalIPMitigation'),
      'dnsproxy-enable-transparent-mode': given(chart, 'dnsProxy.enableTransparentMode') ?? transparentMode(chart),
      'bpf-policy-map-max': given(chart, 'bpf.policyMapMax'),
      'enable-endpoint-lockdown-on-policy-overflow': text(at(chart, 'endpointLockdownOnMapOverflow')),
      'max-connected-clusters': given(chart, 'clustermesh.maxConnectedClusters'),
      ...unjudged(chart, replacement),
    }),
    ...Object.fromEntries(Object.entries(asObject(extraConfig)).map(([key, value]) => [key, text(value).trim()])),
  });
}

interface Chart {
  readonly values: JsonObject;
  readonly minor: Minor;
}

/** The values that the keys above follow from, with the defaults of `values.yaml`; `undefined` for those without one. */
const DEFAULTS: Readonly<Record<string, Json | undefined>> = {
  'authentication.enabled': false,
  'bpf.disableExternalIPMitigation': false,
  'bpf.lbExternalClusterIP': false,
  'bpf.policyMapMax': 16384,
  'cluster.id': 0,
  'cluster.name': 'default',
  'clustermesh.maxConnectedClusters': 255,
  'clustermesh.policyDefaultLocalCluster': true,
  'cni.chainingMode': undefined,
  'cni.chainingTarget': undefined,
  'dnsProxy.enableTransparentMode': undefined,
  enableNonDefaultDenyPolicies: true,
  'encryption.enabled': false,
  'encryption.strictMode.egress.enabled': false,
  'encryption.strictMode.enabled': false,
  'encryption.strictMode.ingress.enabled': false,
  'encryption.type': 'ipsec',
  endpointLockdownOnMapOverflow: false,
  'eni.enabled': false,
  'envoy.useOriginalSourceAddress': true,
  'envoyConfig.enabled': false,
  'gatewayAPI.enabled': false,
  'gke.enabled': false,
  'hostFirewall.enabled': false,
  'ingressController.enabled': false,
  'ipv4.enabled': true,
  'ipv6.enabled': false,
  'k8s.serviceProxyName': undefined,
  'k8sClusterNetworkPolicy.enabled': false,
  'k8sNetworkPolicy.enabled': true,
  kubeProxyReplacement: 'false',
  l7Proxy: true,
  labels: undefined,
  'loadBalancer.l7.backend': 'disabled',
  'localRedirectPolicies.enabled': false,
  localRedirectPolicy: false,
  nodeLabels: undefined,
  'nodePort.enabled': false,
  nodeSelectorLabels: false,
  policyAuditMode: undefined,
  policyCIDRMatchMode: null,
  policyEnforcementMode: 'default',
  routingMode: '',
  'sctp.enabled': false,
  'socketLB.enabled': false,
  'socketLB.hostNamespaceOnly': undefined,
  upgradeCompatibility: undefined,
};

/** The defaults that differ in 1.18. */
const DEFAULTS_1_18: Readonly<Record<string, Json>> = { 'authentication.enabled': true, 'clustermesh.policyDefaultLocalCluster': false };

/** The values that are read here, as paths with dots. */
export const READ_VALUES: readonly string[] = [...Object.keys(DEFAULTS), 'extraConfig'];

/** A value, or its default. Helm takes the default away where the user writes null. */
function at({ values, minor }: Chart, path: string): Json | undefined {
  let value: Json | undefined = values;
  for (const step of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, step)) {
      return minor === '1.18' && Object.hasOwn(DEFAULTS_1_18, path) ? DEFAULTS_1_18[path] : DEFAULTS[path];
    }
    value = value[step];
  }
  return value ?? undefined;
}

/** What the template `{{ x | quote }}` writes. */
function text(value: Json | undefined): string {
  return value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A key that the chart writes only if there is a value. */
function given(chart: Chart, path: string): string | undefined {
  const value = at(chart, path);
  return value === undefined ? undefined : text(value);
}

/** A key that the chart writes only if the value is true. */
function whole(chart: Chart, path: string): string | undefined {
  return isTrue(chart, path) ? text(at(chart, path)) : undefined;
}

/** A list, or a text that stands for a list of one. */
function joined(value: Json | undefined): string | undefined {
  return value === undefined ? undefined : Array.isArray(value) ? (value as readonly Json[]).map(text).join(' ') : text(value);
}

/** What a template takes for true: everything but empty values. The text `false` is true. */
function isTrue(chart: Chart, path: string): boolean {
  const value = at(chart, path);
  return isObject(value) ? Object.keys(value).length > 0 : Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function ifTrue(isWritten: boolean): string | undefined {
  return isWritten ? 'true' : undefined;
}

function hasEnvoyConfig(chart: Chart): boolean {
  return (
    ['envoyConfig.enabled', 'ingressController.enabled', 'gatewayAPI.enabled'].some((path) => isTrue(chart, path)) ||
    at(chart, 'loadBalancer.l7.backend') === 'envoy'
  );
}

/** Whether the chart routes without tunnels where nothing else is asked for: on GKE, and from 1.19 on with ENIs. */
function isNative(chart: Chart): boolean {
  return isTrue(chart, 'gke.enabled') || (chart.minor !== '1.18' && isTrue(chart, 'eni.enabled'));
}

/** The default without a chained plugin. Clusters from before 1.12 keep theirs. */
function transparentMode(chart: Chart): string | undefined {
  const isChained = ['cni.chainingMode', 'cni.chainingTarget'].some((path) => !['', 'none'].includes(text(at(chart, path))));
  const [, minor = '12'] = /^v?1\.(\d+)/.exec(text(at(chart, 'upgradeCompatibility'))) ?? [];
  return isChained ? undefined : String(Number(minor) >= 12);
}

/** Keys that are not judged, of which a user must know. */
function unjudged(chart: Chart, replacement: string): Readonly<Record<string, string | undefined>> {
  const isEncrypted = isTrue(chart, 'encryption.enabled');
  return chart.minor === '1.18'
    ? {
        'enable-encryption-strict-mode': whole(chart, 'encryption.strictMode.enabled'),
        'enable-node-port': replacement === 'false' ? text(at(chart, 'nodePort.enabled')) : undefined,
      }
    : {
        'enable-encryption-strict-mode-egress':
          whole(chart, 'encryption.strictMode.egress.enabled') ??
          (chart.minor === '1.19' ? whole(chart, 'encryption.strictMode.enabled') : undefined),
        'enable-encryption-strict-mode-ingress': whole(chart, 'encryption.strictMode.ingress.enabled'),
        'enable-ztunnel': isEncrypted && at(chart, 'encryption.type') === 'ztunnel' ? whole(chart, 'encryption.enabled') : undefined,
        'proxy-use-original-source-address': text(at(chart, 'envoy.useOriginalSourceAddress')),
      };
}

function present(keys: Readonly<Record<string, string | undefined>>): AgentConfig {
  return Object.fromEntries(Object.entries(keys).flatMap(([key, value]) => (value === undefined ? [] : [[key, value.trim()]])));
}
