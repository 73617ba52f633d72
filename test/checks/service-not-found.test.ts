/** CIL503: `toServices` that finds nothing. */
import { checkObjects } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';

function found(objects: readonly JsonObject[]): string[] {
  return checkObjects(objects)
    .filter(({ code }) => code === 'CIL503')
    .map(({ severity, path, message, help }) => [severity, `${path}:`, message, ...(help === null ? [] : [`; ${help}`])].join(' '));
}

const PORTS = { toPorts: [{ ports: [{ port: '80' }] }] };
const policy = (
  services: readonly JsonObject[],
  rule: JsonObject = PORTS,
  section = 'egress',
  kind = 'CiliumNetworkPolicy',
): JsonObject => ({
  apiVersion: 'cilium.io/v2',
  kind,
  metadata: { name: 'web', ...(kind === 'CiliumNetworkPolicy' && { namespace: 'shop' }) },
  spec: { endpointSelector: {}, [section]: [{ toServices: services, ...rule }] },
});
const named = (serviceName: string, namespace?: string): JsonObject => ({
  k8sService: { serviceName, ...(namespace !== undefined && { namespace }) },
});
const selected = (matchLabels: JsonObject, namespace?: string): JsonObject => ({
  k8sServiceSelector: { selector: { matchLabels }, ...(namespace !== undefined && { namespace }) },
});
const service = (name: string, spec: JsonObject = { selector: { app: name } }, namespace = 'shop'): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, labels: { app: name } },
  spec,
});
const DATABASE = service('database');
const API_SERVER = service('kubernetes', { clusterIP: '10.96.0.1' }, 'default');
const AT = '/spec/egress/0/toServices/0';
const OPEN = ', so the rule allows everybody on its ports';

test.each<[string, readonly JsonObject[], readonly string[]]>([
  [
    'a slip, with ports',
    [policy([named('databse', 'shop')]), DATABASE],
    [`warning ${AT}/k8sService/serviceName: no Service \`shop/databse\` is given${OPEN} ; did you mean \`database\`?`],
  ],
  [
    'a slip, without ports',
    [policy([named('databse', 'shop')], {}), DATABASE],
    [`warning ${AT}/k8sService/serviceName: no Service \`shop/databse\` is given, so the rule allows nobody ; did you mean \`database\`?`],
  ],
  [
    'a slip beside another Service, in a clusterwide policy',
    [policy([named('database', 'shop'), named('databse')], PORTS, 'egress', 'CiliumClusterwideNetworkPolicy'), DATABASE],
    ['warning /spec/egress/0/toServices/1/k8sService/serviceName: no Service `databse` is given ; did you mean `database`?'],
  ],
  [
    'a DNS name',
    [policy([named('database.shop.svc', 'shop')]), DATABASE],
    [`warning ${AT}/k8sService/serviceName: no Service \`shop/database.shop.svc\` is given${OPEN} ; did you mean \`database\`?`],
  ],
  [
    'another name, in a cluster',
    [policy([named('mail', 'shop')]), DATABASE, API_SERVER],
    [`warning ${AT}/k8sService/serviceName: no Service \`shop/mail\` is given${OPEN}`],
  ],
  [
    'labels of none, by a slip',
    [policy([selected({ app: 'databse' }, 'shop')]), DATABASE],
    [
      `warning ${AT}/k8sServiceSelector: the selector matches no given Service in namespace \`shop\`${OPEN} ; did you mean \`app: database\`?`,
    ],
  ],
  [
    'labels of none, in a cluster',
    [policy([selected({ tier: 'data' })]), DATABASE, API_SERVER],
    [`warning ${AT}/k8sServiceSelector: the selector matches no given Service${OPEN}`],
  ],
  [
    'an ExternalName',
    [policy([named('mail', 'shop')]), service('mail', { type: 'ExternalName', externalName: 'mail.example.com' })],
    [`warning ${AT}: Service \`shop/mail\` is an ExternalName${OPEN} ; allow its name with \`toFQDNs\``],
  ],
  [
    'a Service without a selector, where slices are given',
    [
      policy([named('mail', 'shop')]),
      service('mail', {}),
      DATABASE,
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: 'database-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'database' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['10.0.0.1'] }],
        ports: [{ port: 80 }],
      },
    ],
    [
      `warning ${AT}: Service \`shop/mail\` has no selector and no endpoints${OPEN} ; list its addresses in an EndpointSlice, or write them in \`toCIDRSet\``,
    ],
  ],
])('%s', (_, objects, expected) => {
  expect(found(objects)).toEqual(expected);
});

test.each<[string, readonly JsonObject[]]>([
  ['for another name, in manifests', [policy([named('mail', 'shop')]), DATABASE]],
  ['for labels of none, in manifests', [policy([selected({ tier: 'data' })]), DATABASE]],
  ['without Services', [policy([named('databse', 'shop')])]],
  ['without a Service of the namespace', [policy([named('databse', 'pay')]), DATABASE]],
  ['for the API server by its labels', [policy([selected({ provider: 'kubernetes' })]), DATABASE]],
  ['for the API server', [policy([named('kubernetes', 'default')]), service('web', {}, 'default')]],
  [
    'for Services that are there',
    [policy([named('database', 'shop'), named('database'), selected({ app: 'database' }), selected({})]), DATABASE],
  ],
  ['for a Service without a selector, in manifests', [policy([named('mail', 'shop')]), service('mail', {})]],
  ['for a placeholder', [policy([named('${NAME}', 'shop'), selected({ app: '${APP}' }, 'shop')]), DATABASE]],
  ['where the name of a Service is a placeholder', [policy([named('databse', 'shop')]), DATABASE, service('${NAME}')]],
  [
    'for a selector that only excludes',
    [
      policy([{ k8sServiceSelector: { selector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['database'] }] } } }]),
      DATABASE,
    ],
  ],
  ['for a deny rule', [policy([named('databse', 'shop')], PORTS, 'egressDeny'), DATABASE]],
])('nothing is said %s', (_, objects) => {
  expect(found(objects)).toEqual([]);
});
