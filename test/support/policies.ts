/** Policies as objects, for tests that need several of them. */
import { checkObjects, CheckOptions } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';

/** A CiliumNetworkPolicy in the namespace `shop`, for the pods `app: web` unless the spec says otherwise. */
export function cnp(name: string, spec: JsonObject, namespace = 'shop'): JsonObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name, namespace },
    spec: { endpointSelector: app('web'), ...spec },
  };
}

/** A CiliumClusterwideNetworkPolicy, for every endpoint unless the spec says otherwise. */
export function ccnp(name: string, spec: JsonObject): JsonObject {
  const subject = 'nodeSelector' in spec ? {} : { endpointSelector: {} };
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name }, spec: { ...subject, ...spec } };
}

export function netpol(name: string, spec: JsonObject, namespace = 'shop'): JsonObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: { podSelector: app('web'), ...spec },
  };
}

export function app(name: string): JsonObject {
  return { matchLabels: { app: name } };
}

export function tcp(port: string, more: JsonObject = {}): JsonObject[] {
  return [{ ports: [{ port, protocol: 'TCP' }], ...more }];
}

export const KUBE_DNS: JsonObject = { matchLabels: { 'io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } };

/** A rule for DNS; with patterns, through the DNS proxy. */
export function dns(...patterns: readonly string[]): JsonObject {
  const rules = patterns.length === 0 ? {} : { rules: { dns: patterns.map((matchPattern) => ({ matchPattern })) } };
  return { toEndpoints: [KUBE_DNS], toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }], ...rules }] };
}

/** For example `CIL405 web /spec/egress/0/toFQDNs/0`; only codes that begin so. */
export function foundIn(objects: readonly JsonObject[], code: string, options: CheckOptions = {}): string[] {
  return checkObjects(objects, options)
    .filter((one) => one.code.startsWith(code))
    .map((one) => `${one.code} ${one.resource?.name} ${one.path}`);
}

/** Messages with their help. */
export function saidIn(objects: readonly JsonObject[], code: string, options: CheckOptions = {}): string[] {
  return checkObjects(objects, options)
    .filter((one) => one.code === code)
    .map(({ message, help }) => `${message} | ${help}`);
}
