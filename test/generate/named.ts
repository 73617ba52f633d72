/**
 * The notation of named worlds. Each shows a surprising decision of Cilium, with a policy and flows.
 *
 * A flow is written `from -> to port[/protocol] answer`. The ends are the pods a, b, c and plain of the namespace default and x of other, an
 * entity, or `kind=value`. The answer is `A` allowed by a rule, `A(localhost)`, `A(open)` not enforced, `R(kind)` redirected to a proxy, `D`
 * denied by a rule, `D(nm)` denied because no rule matches, or `?` if the backend decides. `1.18:D` before it is the answer of one minor, which
 * can be `error`. With a DNS query, as in `53/UDP dns=example.com R(dns)/denied`, the answer ends with the ruling on the query.
 */
import type { Flow, Place } from './flows';
import type { JsonObject } from './json';
import type { NamedWorld } from './worlds';

export interface Golden extends NamedWorld {
  /** For each flow the answers by minor, `*` for all others; `error` if the policies are rejected or do not resolve. */
  readonly expected: readonly Readonly<Record<string, string>>[] | 'error';
}

export const A = { matchLabels: { app: 'a' } };
export const B = { matchLabels: { app: 'b' } };
export const C = { matchLabels: { app: 'c' } };

export function tcp(port: number, endPort?: number): object {
  return { port: String(port), protocol: 'TCP', ...(endPort !== undefined && { endPort }) };
}

/** The `toPorts` of a rule. */
export function on(...ports: object[]): object[] {
  return [{ ports }];
}

/** The `toPorts` of a rule with one HTTP rule. */
export function http(port: number, rule: object): object[] {
  return [{ ports: [tcp(port)], rules: { http: [rule] } }];
}

function policy(kind: string, name: string, namespace: string | undefined, spec: object): JsonObject {
  const apiVersion = kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2';
  return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) }, spec: spec as JsonObject };
}

export function cnp(spec: object, name = 'p'): JsonObject {
  return policy('CiliumNetworkPolicy', name, 'default', spec);
}

export function ccnp(spec: object): JsonObject {
  return policy('CiliumClusterwideNetworkPolicy', 'n', undefined, spec);
}

export function np(spec: object): JsonObject {
  return policy('NetworkPolicy', 'p', 'default', spec);
}

/** A policy whose subject is the pod `a`. */
export function aboutA(rules: object, name = 'p'): JsonObject {
  return cnp({ endpointSelector: A, ...rules }, name);
}

export function pod(name: string, namespace = 'default', labels: Record<string, string> = { app: name }, http?: number): JsonObject {
  const ports = http === undefined ? [] : [{ name: 'http', containerPort: http }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec: { containers: [{ name: 'main', ports }] } };
}

const PODS = [pod('a'), pod('b'), pod('c'), pod('x', 'other'), pod('plain', 'default', {})];

/** The pod with an address. */
export function addressed(pod: JsonObject, ip: string): JsonObject {
  return { ...pod, status: { podIPs: [{ ip }] } };
}

/** A Service in the namespace default with port 80 and target port 8080. */
export function service(name: string, selector?: Record<string, string>): JsonObject {
  const spec: JsonObject = { ...(selector !== undefined && { selector }), ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec };
}

/** The EndpointSlice of a Service, with addresses or with endpoints and their conditions. */
export function slice(
  service: string,
  endpoints: readonly (string | JsonObject)[],
  ports: readonly JsonObject[] = [{ port: 8080 }],
): JsonObject {
  const written = endpoints.map((one): JsonObject => (typeof one === 'string' ? { addresses: [one] } : one));
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${service}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': service } },
    addressType: JSON.stringify(endpoints).includes('::') ? 'IPv6' : 'IPv4',
    ports: [...ports],
    endpoints: written,
  };
}

/** The `toPorts` of a rule with a DNS rule for one name, on a UDP port. */
export function dns(matchName: string, port: object = { port: '53' }): object[] {
  return [{ ports: [{ protocol: 'UDP', ...port }], rules: { dns: [{ matchName }] } }];
}

/** A pod with a port named `dns`. */
export function dnsServer(name: string): JsonObject {
  const ports = [{ name: 'dns', containerPort: 53, protocol: 'UDP' }];
  return { ...pod(name), spec: { containers: [{ name: 'main', ports }] } };
}

/** A CIDR group whose prefixes the agents know although no policy names them. */
export function known(...externalCIDRs: string[]): JsonObject {
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name: 'known' }, spec: { externalCIDRs } };
}

const NUMBERED = new Set(['ICMP', 'ICMPv6']);
const PORTLESS = new Set(['GRE']);

function place(text: string): Place {
  if (PODS.some((p) => (p['metadata'] as JsonObject)['name'] === text)) {
    return { pod: `${text === 'x' ? 'other' : 'default'}/${text}` };
  }
  const [kind, value] = text.split('=');
  return value === undefined ? { entity: text } : { [kind]: value };
}

function flow(text: string): { flow: Flow; expected: Record<string, string> } {
  const [from, , to, traffic, ...rest] = text.trim().split(/\s+/);
  const [queries, answers] = [rest.filter(isQuery), rest.filter((word) => !isQuery(word))];
  const [port, protocol = 'TCP'] = traffic.split('/');
  const numbered = NUMBERED.has(protocol) ? { type: Number(port) } : PORTLESS.has(protocol) ? {} : { port: Number(port) };
  const expected = Object.fromEntries(
    answers.map((answer) => (answer.includes(':') ? answer.split(':') : ['*', answer])) as [string, string][],
  );
  const query = queries.length === 0 ? {} : { dns: queries[0].slice('dns='.length) };
  return { flow: { from: place(from), to: place(to), protocol, ...numbered, ...query }, expected };
}

function isQuery(word: string): boolean {
  return word.startsWith('dns=');
}

interface Setting {
  readonly policies: readonly JsonObject[];
  readonly flows: string;
  readonly objects?: readonly JsonObject[];
  readonly pods?: readonly JsonObject[];
  readonly config?: Record<string, string>;
  readonly names?: Record<string, string[]>;
  readonly refused?: true;
}

export function golden(name: string, { policies, flows, objects = [], pods = PODS, config = {}, names = {}, refused }: Setting): Golden {
  const lines = flows.trim().split('\n').map(flow);
  return {
    name,
    config: { 'enable-host-firewall': 'true', ...config },
    names,
    objects: [...pods, ...objects, ...policies],
    flows: lines.map((line) => line.flow),
    expected: refused ? 'error' : lines.map((line) => line.expected),
  };
}
