/** Reads flows in the format of `batch`, and ends of flows as users write them. */
import { Flow, HttpRequest, WrittenEnd, END_ENTITIES } from '../model/flow';
import type { NamedPort } from '../model/inventory';
import { asObject, asText, isObject, JsonObject, kindOf } from '../model/json';
import { Protocol, PROTOCOLS } from '../model/policy';
import { parseAddress, sentTo } from '../net/address';
import { closest } from '../net/did-you-mean';
import { IcmpFamily, parseIcmpType } from '../net/icmp';
import { accepted, Parsed, refused } from '../net/parsed';
import { MAX_PORT } from '../net/port';
import { labelsIn, labelsOf, parseGivenLabels } from './given-labels';

/**
 * Reads a flow of `batch`, of a file of flows or of a matcher: both ends, `protocol` (the default is TCP), `port` or `type`, and at most one
 * request.
 */
export function parseFlow(value: unknown): Parsed<Flow> {
  if (!isObject(value)) {
    return refused(`a flow must be a mapping, not ${kindOf(value)}`);
  }
  const unknown = Object.keys(value).find((field) => value[field] !== undefined && !FIELDS.includes(field));
  if (unknown !== undefined) {
    return refused(`a flow has no field \`${unknown}\``, helpOf(unknown, FIELDS));
  }
  const [from, to] = [parseEnd(value.from), parseEnd(value.to)];
  if (!from.ok) {
    return { ...from, problem: `from: ${from.problem}` };
  }
  if (!to.ok) {
    return { ...to, problem: `to: ${to.problem}` };
  }
  const traffic = parseTraffic(value);
  if (!traffic.ok) {
    return traffic;
  }
  const request = parseRequest(value);
  return request.ok ? accepted({ from: from.value, to: to.value, ...traffic.value, ...request.value }) : request;
}

const FIELDS = ['from', 'to', 'protocol', 'port', 'type', 'code', 'http', 'dns', 'sni'];

function helpOf(word: string, known: readonly string[]): string {
  const guess = closest(word, known);
  return guess === undefined ? `write one of ${known.map((one) => `\`${one}\``).join(', ')}` : `did you mean \`${guess}\`?`;
}

/** TCP, UDP and SCTP need a port, ICMP and ICMPv6 need a type and may have a code, and other protocols have none of these. */
function parseTraffic({ protocol = 'TCP', port, type, code }: JsonObject): Parsed<Pick<Flow, 'protocol' | 'port' | 'code'>> {
  const known = PROTOCOLS.find((one) => one === protocol || one.toUpperCase() === asText(protocol).toUpperCase());
  if (known === undefined) {
    return refused(`unknown protocol \`${textOf(protocol)}\``, helpOf(textOf(protocol), PROTOCOLS));
  }
  if (WITH_PORTS.includes(known)) {
    return parsePort(port, known);
  }
  if (known === 'ICMP' || known === 'ICMPv6') {
    const number = parseType(type, known === 'ICMP' ? 'IPv4' : 'IPv6');
    if (!number.ok || code === undefined || code === null) {
      return number.ok ? accepted({ protocol: known, port: number.value }) : number;
    }
    return typeof code === 'number' && Number.isInteger(code) && code >= 0 && code <= MAX_CODE
      ? accepted({ protocol: known, port: number.value, code })
      : refused(`ICMP code \`${textOf(code)}\` is not between 0 and ${MAX_CODE}`);
  }
  return accepted({ protocol: known, port: 0 });
}

function parsePort(port: unknown, protocol: Protocol): Parsed<Pick<Flow, 'protocol' | 'port'>> {
  if (port === undefined) {
    return refused('`port` is missing', `${protocol} needs a port: write a number from 1 to ${MAX_PORT}`);
  }
  if (typeof port === 'string' && /^[0-9]+$/.test(port)) {
    return refused(`port \`"${port}"\` is a string`, `write \`${port}\` without quotes`);
  }
  return typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= MAX_PORT
    ? accepted({ protocol, port })
    : refused(`port \`${textOf(port)}\` is not between 1 and ${MAX_PORT}`);
}

/** The greatest ICMP code. */
const MAX_CODE = 255;

const WITH_PORTS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];

/** The type may also be a number in quotes. */
function parseType(type: unknown, family: IcmpFamily): Parsed<number> {
  return typeof type === 'number' || typeof type === 'string'
    ? parseIcmpType(type, family)
    : refused('the ICMP type is missing', 'set `type`, for example to `EchoRequest`');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

const HTTP_FIELDS = ['method', 'path', 'host', 'headers'];

function parseRequest({ http, dns, sni }: JsonObject): Parsed<Pick<Flow, 'http' | 'dns' | 'sni'>> {
  const given = Object.entries({ http, dns, sni }).filter(([, value]) => value !== undefined && value !== null);
  if (given.length > 1) {
    return refused(`a flow can have only one request, but it has ${given.map(([name]) => `\`${name}\``).join(' and ')}`);
  }
  const wrong = given.find(([name, value]) => (name === 'http' ? !isObject(value) : typeof value !== 'string'));
  if (wrong !== undefined) {
    return refused(`\`${wrong[0]}\` is not a ${wrong[0] === 'http' ? 'mapping' : 'string'}`);
  }
  const unknown = isObject(http) ? Object.keys(http).find((field) => !HTTP_FIELDS.includes(field)) : undefined;
  if (unknown !== undefined) {
    return refused(`\`http\` has no field \`${unknown}\``, helpOf(unknown, HTTP_FIELDS));
  }
  return accepted({
    ...(isObject(http) ? { http: httpOf(http) } : {}),
    ...(typeof dns === 'string' ? { dns } : {}),
    ...(typeof sni === 'string' ? { sni } : {}),
  });
}

function httpOf({ method = 'GET', path = '/', host, headers }: JsonObject): HttpRequest {
  const texts = textsOf(headers);
  const [, given = ''] = Object.entries(texts).find(([name]) => name.toLowerCase() === 'host') ?? [];
  return { method: asText(method), path: asText(path), host: asText(host) || given, headers: texts };
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(asObject(value)).map(([key, text]) => [key, textOf(text)]));
}

const KINDS = ['pod', 'node', 'ip', 'fqdn', 'service', 'entity', 'labels'] as const;

const LABELS_FIELDS = [...KINDS, 'namespace', 'serviceAccount', 'namespaceLabels', 'namedPorts', 'cluster'];

/** Reads an end of a flow: a string, for example `shop/web`, or a mapping with exactly one of `KINDS`. */
export function parseEnd(value: unknown): Parsed<WrittenEnd> {
  if (typeof value === 'string') {
    return parseEndText(value);
  }
  if (!isObject(value)) {
    return refused(value === undefined ? 'the endpoint is missing' : `an endpoint must be a string or a mapping, not ${kindOf(value)}`);
  }
  const kinds = KINDS.filter((kind) => value[kind] !== undefined && value[kind] !== null && value[kind] !== '');
  if (kinds.length !== 1) {
    return refused(`an endpoint needs exactly one of ${KINDS.join(', ')}; it has ${kinds.length === 0 ? 'none' : kinds.join(' and ')}`);
  }
  const [kind] = kinds;
  const known = kind === 'labels' ? LABELS_FIELDS : KINDS;
  const unknown = Object.keys(value).find(
    (field) => value[field] !== undefined && value[field] !== null && ![...known, 'namespace'].includes(field),
  );
  if (unknown !== undefined) {
    return refused(`an endpoint by \`${kind}\` has no field \`${unknown}\``, helpOf(unknown, known));
  }
  if (kind === 'labels') {
    return parseLabels(value);
  }
  const name = value[kind];
  return typeof name === 'string' ? parseNamed(kind, name) : refused(`\`${kind}\` must be a string, not ${kindOf(name)}`);
}

function parseNamed(kind: Exclude<(typeof KINDS)[number], 'labels'>, name: string): Parsed<WrittenEnd> {
  switch (kind) {
    case 'ip': {
      const address = parseAddress(name);
      return address === undefined
        ? refused(`\`${name}\` is not a valid IP address`, 'write one address, for example `192.0.2.1` or `2001:db8::1`')
        : accepted({ is: 'ip', address: sentTo(address) });
    }
    case 'entity': {
      const entity = END_ENTITIES.find((one) => one === name);
      return entity === undefined
        ? refused(`\`${name}\` is not an entity that can be an endpoint`, helpOf(name, END_ENTITIES))
        : accepted({ is: 'entity', name: entity });
    }
    case 'pod':
    case 'node':
    case 'fqdn':
    case 'service':
      return accepted({ is: kind, name });
  }
}

function parseLabels({ labels, namespace, serviceAccount, namespaceLabels, namedPorts, cluster }: JsonObject): Parsed<WrittenEnd> {
  const wrong = Object.entries({ labels, namespaceLabels, namedPorts }).find(
    ([, one]) => one !== undefined && one !== null && !isObject(one),
  );
  if (wrong !== undefined) {
    return refused(`\`${wrong[0]}\` must be a mapping, not ${kindOf(wrong[1])}`);
  }
  const ports = parseNamedPorts(namedPorts);
  if (!ports.ok) {
    return ports;
  }
  const pod = parseGivenLabels(labelsOf(labels), {
    namespace: asText(namespace),
    serviceAccount: asText(serviceAccount),
    cluster: asText(cluster),
    ...(isObject(namespaceLabels) ? { namespaceLabels: textsOf(namespaceLabels) } : {}),
  });
  return pod.ok ? accepted({ ...pod.value, ports: ports.value }) : pod;
}

/** Reads named ports: TCP port numbers, or strings with a protocol, for example `53/UDP`. */
function parseNamedPorts(value: unknown): Parsed<readonly NamedPort[]> {
  const ports: NamedPort[] = [];
  for (const [name, written] of Object.entries(asObject(value))) {
    const [digits, protocol = 'TCP'] = textOf(written).split('/');
    const number = /^[0-9]+$/.test(digits) ? Number(digits) : 0;
    if (number < 1 || number > MAX_PORT || !WITH_PORTS.some((one) => one === protocol.toUpperCase())) {
      return refused(
        `named port \`${name}\` has invalid value \`${textOf(written)}\``,
        'write a number, or a number with a protocol such as `53/UDP`',
      );
    }
    ports.push({ name: name.toLowerCase(), number, protocol: protocol.toUpperCase() });
  }
  return accepted(ports);
}

/**
 * Reads an end as users write it: `ns/pod`, `pod:ns/name`, `labels:app=web,tier=front@ns`, `labels:app=web,cluster=west@ns` (in another cluster), `ip:192.0.2.1`, `fqdn:api.example.com`,
 * `entity:world`, `node:name` or `service:ns/name`.
 */
function parseEndText(text: string): Parsed<WrittenEnd> {
  const colon = text.indexOf(':');
  const kind = KINDS.find((one) => one === text.slice(0, colon));
  if (kind === undefined) {
    return colon < 0 && /^[^/]+\/[^/]+$/.test(text) ? accepted({ is: 'pod', name: text }) : refuseEnd(text);
  }
  const rest = text.slice(colon + 1);
  if (rest === '') {
    return refuseEnd(text);
  }
  return kind === 'labels'
    ? parseLabelText(rest)
    : (kind === 'pod' || kind === 'service') && !/^[^/]+\/[^/]+$/.test(rest)
      ? refused(`\`${text}\` has no namespace`, `write \`${kind}:NAMESPACE/NAME\``)
      : parseNamed(kind, rest);
}

function refuseEnd(text: string): Parsed<WrittenEnd> {
  const entity = (END_ENTITIES as readonly string[]).includes(text) ? `did you mean \`entity:${text}\`?` : undefined;
  const address = parseAddress(text) === undefined ? undefined : `did you mean \`ip:${text}\`?`;
  return refused(
    `\`${text}\` is not a valid endpoint`,
    entity ?? address ?? 'write `ns/pod`, `labels:app=web@ns`, `ip:…`, `fqdn:…`, `entity:…`, `node:…` or `service:ns/name`',
  );
}

/** The namespace may also stand in a label. */
function parseLabelText(text: string): Parsed<WrittenEnd> {
  const at = text.lastIndexOf('@');
  const labels = labelsIn(at < 0 ? text : text.slice(0, at));
  if (labels === undefined || at === text.length - 1) {
    return refuseLabels(text);
  }
  // A label of this key is written with its source: `k8s:cluster=west`.
  const [, cluster = ''] = labels.find(([key]) => key === 'cluster') ?? [];
  const own = labels.filter(([key]) => key !== 'cluster');
  const pod = parseGivenLabels(own, { namespace: at < 0 ? '' : text.slice(at + 1), serviceAccount: '', cluster });
  if (pod.ok) {
    return accepted({ ...pod.value, ports: [] });
  }
  return at < 0 ? refuseLabels(text) : refused(`\`labels:${text}\`: ${pod.problem}`, pod.help);
}

function refuseLabels(text: string): Parsed<WrittenEnd> {
  return refused(`\`labels:${text}\` is not a valid endpoint`, 'write `labels:KEY=VALUE,KEY=VALUE@NAMESPACE`');
}
