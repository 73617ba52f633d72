/** CIL516: pods behind Cilium's Ingress or Gateway that do not let its proxy in. */
import { check, checkObjects } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';
import { ccnp, cnp, netpol } from '../support/policies';

function found(...objects: readonly JsonObject[]): string[] {
  return checkObjects(objects)
    .filter(({ code }) => code === 'CIL516')
    .map(({ severity, resource, path, message }) => `${severity} ${resource?.name} ${path}: ${message}`);
}

const object = (kind: string, name: string, spec: JsonObject, more: JsonObject = {}): JsonObject => ({
  apiVersion: kind === 'Ingress' ? 'networking.k8s.io/v1' : 'gateway.networking.k8s.io/v1',
  ...{ kind, metadata: { name, namespace: 'shop', ...more }, spec },
});
const POD: JsonObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } } };
const SERVICE: JsonObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
};
const TO_WEB = { service: { name: 'web', port: { number: 80 } } };
const INGRESS = object('Ingress', 'web', { ingressClassName: 'cilium', defaultBackend: TO_WEB });
const GATEWAY = object('Gateway', 'main', { gatewayClassName: 'cilium' });
const ROUTE = object('HTTPRoute', 'web', { parentRefs: [{ name: 'main' }], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] });
const from = (...entities: readonly string[]) =>
  cnp('web', { ingress: [{ fromEntities: entities, toPorts: [{ ports: [{ port: '8080' }] }] }] });
const text = (route: string) =>
  `warning web /spec/ingress/0: ${route} leads here on port 8080, and the entity \`ingress\`, from which its requests come, is not let in`;

test('a rule for clients outside does not let the proxy in', () => {
  expect(found(from('world'), POD, SERVICE, INGRESS)).toEqual([text('Ingress `shop/web`')]);
  expect(found(from('world'), POD, SERVICE, GATEWAY, ROUTE)).toEqual([text('HTTPRoute `shop/web`')]);
  expect(found(from('world'), POD, SERVICE, INGRESS, GATEWAY, ROUTE)).toEqual([
    text('Ingress `shop/web` and 1 more').replace('leads', 'lead'),
  ]);
});

test.each<[string, readonly JsonObject[]]>([
  ['the proxy is let in', [from('world', 'ingress'), INGRESS]],
  ['the whole cluster is', [from('cluster'), INGRESS]],
  ['another policy lets it in', [from('world'), ccnp('base', { endpointSelector: {}, ingress: [{ fromEntities: ['ingress'] }] }), INGRESS]],
  ['nothing closes the pods', [INGRESS]],
  ['what the route leads to is denied on purpose', [cnp('web', { ingressDeny: [{ fromEntities: ['ingress'] }] }), INGRESS]],
  [
    'another controller serves the Ingress',
    [from('world'), object('Ingress', 'web', { ingressClassName: 'nginx', defaultBackend: TO_WEB })],
  ],
  ['nobody says who serves the Ingress', [from('world'), object('Ingress', 'web', { defaultBackend: TO_WEB })]],
  ['the Gateway is not given', [from('world'), ROUTE]],
  ['the Gateway is of another class', [from('world'), object('Gateway', 'main', { gatewayClassName: 'istio' }), ROUTE]],
  [
    'the class is of another controller',
    [from('world'), GATEWAY, ROUTE, object('GatewayClass', 'cilium', { controllerName: 'example.com/controller' })],
  ],
  [
    'the route is of a mesh',
    [
      from('world'),
      GATEWAY,
      object('HTTPRoute', 'web', {
        parentRefs: [{ kind: 'Service', name: 'main' }],
        rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
      }),
    ],
  ],
  [
    'nothing is sent to the backend',
    [
      from('world'),
      GATEWAY,
      object('HTTPRoute', 'web', { parentRefs: [{ name: 'main' }], rules: [{ backendRefs: [{ name: 'web', port: 80, weight: 0 }] }] }),
    ],
  ],
  [
    'the Service has no such port',
    [
      from('world'),
      object('Ingress', 'web', { ingressClassName: 'cilium', defaultBackend: { service: { name: 'web', port: { number: 81 } } } }),
    ],
  ],
])('silent where %s', (_, objects) => {
  expect(found(POD, SERVICE, ...objects)).toEqual([]);
});

test.each<[string, readonly JsonObject[]]>([
  [
    'the annotation',
    [
      object(
        'Ingress',
        'web',
        { rules: [{ http: { paths: [{ backend: { service: { name: 'web', port: { name: 'http' } } } }] } }] },
        { annotations: { 'kubernetes.io/ingress.class': 'cilium' } },
      ),
    ],
  ],
])('an Ingress is of Cilium by %s', (_, objects) => {
  expect(found(from('world'), POD, SERVICE, ...objects)).toEqual([text('Ingress `shop/web`')]);
});

test('a Gateway is of Cilium by its class', () => {
  const own = object('GatewayClass', 'edge', { controllerName: 'io.cilium/gateway-controller' });
  const gateway = object('Gateway', 'main', { gatewayClassName: 'edge' });
  expect(found(from('world'), POD, SERVICE, own, gateway, ROUTE)).toEqual([text('HTTPRoute `shop/web`')]);
});

test('without a rule for clients, manifests are informative, because the rule may be elsewhere', () => {
  const policy = cnp('web', { ingress: [{ fromEndpoints: [{ matchLabels: { app: 'api' } }] }] });
  expect(found(policy, POD, SERVICE, INGRESS)).toEqual([text('Ingress `shop/web`')]);
  const manifests = [policy, POD, SERVICE, INGRESS].map((one) => JSON.stringify(one)).join('\n---\n');
  const [{ severity }] = check([{ name: 'web.yaml', text: manifests }]).filter(({ code }) => code === 'CIL516');
  expect(severity).toBe('info');
});

test('of a NetworkPolicy, at the rule for the port', () => {
  const policy = netpol('web', {
    podSelector: { matchLabels: { app: 'web' } },
    ingress: [
      { ports: [{ port: 9090 }], from: [{ podSelector: {} }] },
      { from: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ port: 8080 }] },
    ],
  });
  expect(found(policy, POD, SERVICE, INGRESS)).toEqual([text('Ingress `shop/web`').replace('ingress/0', 'ingress/1/from/0')]);
});

test('a policy for every endpoint closes the egress of the proxy too', () => {
  const policy = ccnp('closed', { endpointSelector: {}, egress: [{ toEndpoints: [{ matchLabels: { 'k8s-app': 'kube-dns' } }] }] });
  expect(found(policy, POD, SERVICE, INGRESS)).toEqual([
    'warning closed /spec/egress/0: Ingress `shop/web` leads to port 8080 of pods to which the policy of the entity `ingress` does not let the proxy connect',
  ]);
  const open = ccnp('open', {
    endpointSelector: { matchExpressions: [{ key: 'reserved:ingress', operator: 'Exists' }] },
    egress: [{ toEntities: ['cluster'] }],
  });
  expect(found(policy, open, POD, SERVICE, INGRESS)).toEqual([]);
});

test('each policy that closes some of the pods is told', () => {
  const other: JsonObject = { ...POD, metadata: { name: 'web2', namespace: 'shop', labels: { app: 'web', canary: 'yes' } } };
  const closing = (name: string, value: string) =>
    cnp(name, { endpointSelector: { matchExpressions: [{ key: 'canary', operator: value }] }, ingress: [{ fromEntities: ['world'] }] });
  const closed = found(closing('all', 'DoesNotExist'), closing('canary', 'Exists'), POD, other, SERVICE, INGRESS);
  expect(closed.map((one) => one.slice(0, one.indexOf(':')))).toEqual(['warning all /spec/ingress/0', 'warning canary /spec/ingress/0']);
});

test('silent if only some of the pods are closed', () => {
  const other: JsonObject = { ...POD, metadata: { name: 'web2', namespace: 'shop', labels: { app: 'web', canary: 'yes' } } };
  const policy = cnp('web', { endpointSelector: { matchLabels: { canary: 'yes' } }, ingress: [{ fromEntities: ['world'] }] });
  expect(found(policy, POD, other, SERVICE, INGRESS)).toEqual([]);
});

test.each<[string, JsonObject]>([
  ['the Ingress controller', INGRESS],
  ['the Gateway', ROUTE],
])('silent where %s is switched off', (_, route) => {
  const config = { 'enable-ingress-controller': 'false', 'enable-gateway-api': 'false' };
  expect(checkObjects([from('world'), POD, SERVICE, GATEWAY, route], { config, select: ['CIL516'] })).toEqual([]);
});

test.each<[string, readonly JsonObject[]]>([
  [
    'a label of a pod',
    [{ ...POD, metadata: { name: 'web', namespace: 'shop', labels: { app: 'web', expose: '${EXPOSE}' } } }, from('world')],
  ],
  ['a policy', [POD, from('world'), cnp('later', { ingress: [{ fromEntities: ['${WHO}'] }] })]],
])('silent where %s is filled in later', (_, objects) => {
  expect(found(...objects, SERVICE, INGRESS)).toEqual([]);
});

test('a host that is filled in later changes nothing', () => {
  const http = { paths: [{ backend: TO_WEB }] };
  const ingress = object('Ingress', 'web', { ingressClassName: 'cilium', rules: [{ host: '${HOST}', http }] });
  expect(found(from('world'), POD, SERVICE, ingress)).toEqual([text('Ingress `shop/web`')]);
});

describe('of manifests', () => {
  const severities = (files: Readonly<Record<string, readonly JsonObject[]>>): string[] =>
    check(Object.entries(files).map(([name, objects]) => ({ name, text: objects.map((one) => JSON.stringify(one)).join('\n---\n') })))
      .filter(({ code }) => code === 'CIL516')
      .map(({ severity }) => severity);
  const kustomization = (...resources: readonly string[]): JsonObject => ({ kind: 'Kustomization', resources });

  test('a rule for clients makes it a warning', () => {
    expect(severities({ 'web.yaml': [from('world'), POD, SERVICE, INGRESS] })).toEqual(['warning']);
    const whole = cnp('web', { ingress: [{ fromEntities: ['world'] }] });
    expect(severities({ 'web.yaml': [whole, POD, SERVICE, INGRESS] })).toEqual(['warning']);
    const elsewhere = cnp('web', { ingress: [{ fromCIDR: ['192.0.2.0/24'], toPorts: [{ ports: [{ port: '9090' }] }] }] });
    expect(severities({ 'web.yaml': [elsewhere, POD, SERVICE, INGRESS] })).toEqual(['info']);
  });

  test('a policy of an unknown namespace may let the proxy in', () => {
    const unplaced = { ...from('ingress'), metadata: { name: 'open' } };
    expect(severities({ 'a/web.yaml': [from('world'), POD, SERVICE, INGRESS], 'b/open.yaml': [unplaced] })).toEqual(['info']);
  });

  test('files of several clusters are informative', () => {
    expect(severities({ 'a/web.yaml': [from('world'), POD, SERVICE, INGRESS], 'b/web.yaml': [from('world')] })).toEqual(['info']);
  });

  test('what the kustomization leaves out is not there', () => {
    const others = [POD, SERVICE, INGRESS];
    expect(severities({ 'kustomization.yaml': [kustomization('a.yaml')], 'a.yaml': others, 'b.yaml': [from('world')] })).toEqual([]);
    expect(
      severities({ 'kustomization.yaml': [kustomization('a.yaml')], 'a.yaml': [from('world'), POD, SERVICE], 'b.yaml': [INGRESS] }),
    ).toEqual([]);
    expect(severities({ 'kustomization.yaml': [kustomization('a.yaml', 'b.yaml')], 'a.yaml': others, 'b.yaml': [from('world')] })).toEqual([
      'warning',
    ]);
  });
});
