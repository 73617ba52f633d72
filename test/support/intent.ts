/** Findings of one check of accepted policies, for tests. */
import { check, CheckOptions, compile, CompileOptions } from '../../lib/engine';
import type { DiagnosticView, WrittenFlow } from '../../lib/engine';

type Kind = 'CiliumNetworkPolicy' | 'CiliumClusterwideNetworkPolicy' | 'NetworkPolicy' | 'ClusterNetworkPolicy' | 'CiliumCIDRGroup';

/** An object of a kind; a namespaced one is `shop/p`. */
export function object(kind: Kind, body: object, metadata: object = {}): string {
  const apiVersion =
    kind === 'NetworkPolicy'
      ? 'networking.k8s.io/v1'
      : kind === 'ClusterNetworkPolicy'
        ? 'policy.networking.k8s.io/v1alpha2'
        : 'cilium.io/v2';
  const isNamespaced = kind === 'CiliumNetworkPolicy' || kind === 'NetworkPolicy';
  return JSON.stringify({ apiVersion, kind, metadata: { name: 'p', ...(isNamespaced && { namespace: 'shop' }), ...metadata }, ...body });
}

/** A CiliumNetworkPolicy for every pod of its namespace. */
export function cnp(sections: object): string {
  return object('CiliumNetworkPolicy', { spec: { endpointSelector: {}, ...sections } });
}

/** A CiliumClusterwideNetworkPolicy for every pod. */
export function ccnp(sections: object): string {
  return object('CiliumClusterwideNetworkPolicy', { spec: { endpointSelector: {}, ...sections } });
}

/** A CiliumClusterwideNetworkPolicy for every node. */
export function host(sections: object): string {
  return object('CiliumClusterwideNetworkPolicy', { spec: { nodeSelector: {}, ...sections } });
}

/** A NetworkPolicy for every pod of its namespace. */
export function networkPolicy(sections: object): string {
  return object('NetworkPolicy', { spec: { podSelector: {}, ...sections } });
}

/** The findings with a code. */
export function findings(code: string, text: string, options: CheckOptions = {}): readonly DiagnosticView[] {
  return check([{ name: 'p.json', text }], { ...options, select: [code] }).filter((one) => one.code === code);
}

/** The paths of the findings with a code. */
export function places(code: string, text: string, options: CheckOptions = {}): string[] {
  return findings(code, text, options).map(({ path }) => path);
}

/** The message and the help of the only finding with a code. */
export function words(code: string, text: string, options: CheckOptions = {}): string {
  const [{ message, help }, ...others] = findings(code, text, options);
  expect(others).toEqual([]);
  return help === null ? message : `${message} | ${help}`;
}

export function ports(...numbers: readonly (number | string)[]): object {
  return { toPorts: [{ ports: numbers.map((port) => ({ port: String(port), protocol: 'TCP' })) }] };
}

/** Whether a connection to port 8080 of a pod `app: a` of the namespace `shop`, or from that pod, passes with its request. */
export function isAllowed(text: string, flow: Partial<WrittenFlow>, options: CompileOptions = {}): boolean | null {
  const pod = 'labels:app=a@shop';
  return compile([{ name: 'p.json', text }], options).verdict({ from: pod, to: pod, port: 8080, ...flow }).passes;
}
