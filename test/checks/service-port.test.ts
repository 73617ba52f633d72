/** CIL509: the port of a Service where the port of its pods is needed. */
import { checkObjects } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';

function found(objects: readonly JsonObject[]): string[] {
  return checkObjects(objects)
    .filter(({ code }) => code === 'CIL509')
    .map(({ severity, path, message, help }) => `${severity} ${path}: ${message}; ${help}`);
}

const policy = (spec: JsonObject, kind = 'CiliumNetworkPolicy'): JsonObject => ({
  apiVersion: kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2',
  kind,
  metadata: { name: 'web', ...(kind !== 'CiliumClusterwideNetworkPolicy' && { namespace: 'shop' }) },
  spec,
});
const WEB = { matchLabels: { app: 'web' } };
const onPorts = (...ports: readonly JsonObject[]) => ({ toPorts: [{ ports }] });
const ingress = (...ports: readonly JsonObject[]) => policy({ endpointSelector: WEB, ingress: [onPorts(...ports)] });
const service = (port: JsonObject, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { app: 'web' }, ports: [port], ...more },
});
const pod = (name: string, ...ports: readonly JsonObject[]): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: 'web' } },
  spec: { containers: [{ name: 'a', ports }] },
});
const SERVICE = service({ port: 80, targetPort: 8080 });
const POD = pod('web', { containerPort: 8080 });
const FOUND =
  'port 80 is that of Service `shop/web`, which leads to port 8080 of its pods; write 8080, because policies are asked after the translation';
const AT = '/spec/ingress/0/toPorts/0/ports/0/port';

test.each<[string, readonly JsonObject[], readonly string[]]>([
  ['ingress', [ingress({ port: '80', protocol: 'TCP' }), SERVICE, POD], [`warning ${AT}: ${FOUND}`]],
  ['a port of any protocol', [ingress({ port: '80' }), SERVICE, POD], [`warning ${AT}: ${FOUND}`]],
  [
    'a target with a name',
    [ingress({ port: '80' }), service({ port: 80, targetPort: 'http' }), pod('web', { name: 'http', containerPort: 8080 })],
    [`warning ${AT}: ${FOUND}`],
  ],
  ['pods without ports', [ingress({ port: '80' }), SERVICE, pod('web')], [`warning ${AT}: ${FOUND}`]],
  [
    'egress, in a deny rule of a clusterwide policy',
    [
      policy({ endpointSelector: {}, egressDeny: [{ toEndpoints: [WEB], ...onPorts({ port: '80' }) }] }, 'CiliumClusterwideNetworkPolicy'),
      SERVICE,
      POD,
    ],
    [`warning /spec/egressDeny/0/toPorts/0/ports/0/port: ${FOUND}`],
  ],
  [
    'a NetworkPolicy',
    [policy({ podSelector: WEB, ingress: [{ ports: [{ port: 80 }] }] }, 'NetworkPolicy'), SERVICE, POD],
    [`warning /spec/ingress/0/ports/0/port: ${FOUND}`],
  ],
])('%s', (_, objects, expected) => {
  expect(found(objects)).toEqual(expected);
});

test.each<[string, readonly JsonObject[]]>([
  ['the port of pods is written', [ingress({ port: '8080' }), SERVICE, POD]],
  ['its name is written too', [ingress({ port: '80' }, { port: 'http' }), SERVICE, pod('web', { name: 'http', containerPort: 8080 })]],
  ['both are written', [ingress({ port: '80' }, { port: '8080' }), SERVICE, POD]],
  [
    'another rule of the policy has it',
    [policy({ endpointSelector: WEB, ingress: [onPorts({ port: '80' }), onPorts({ port: '8000', endPort: 9000 })] }), SERVICE, POD],
  ],
  ['a container has the port', [ingress({ port: '80' }), SERVICE, POD, pod('old', { name: 'http', containerPort: 80 })]],
  [
    'nothing is known of the ports of a pod',
    [ingress({ port: '80' }), service({ port: 80, targetPort: 8080 }, { selector: { app: 'web', tier: 'new' } }), pod('web')],
  ],
  ['the Service leads to the same port', [ingress({ port: '80' }), service({ port: 80 }), POD]],
  [
    'another port of the Service leads there',
    [
      ingress({ port: '80' }),
      service(
        { port: 80, targetPort: 8080 },
        {
          ports: [
            { port: 80, targetPort: 8080 },
            { port: 81, targetPort: 80 },
          ],
        },
      ),
      POD,
    ],
  ],
  [
    'another proxy translates the Service',
    [
      ingress({ port: '80' }),
      { ...SERVICE, metadata: { name: 'web', namespace: 'shop', labels: { 'service.kubernetes.io/service-proxy-name': 'other' } } },
      POD,
    ],
  ],
  ['the Service has no address', [ingress({ port: '80' }), service({ port: 80, targetPort: 8080 }, { clusterIP: 'None' }), POD]],
  ['it is one of another protocol', [ingress({ port: '80', protocol: 'UDP' }), SERVICE, POD]],
  ['every pod is selected', [policy({ endpointSelector: {}, ingress: [onPorts({ port: '80' })] }), SERVICE, POD]],
  ['it is a range, every port, or a name', [ingress({ port: '80', endPort: 90 }, { port: '0' }, { port: 'http' }), SERVICE, POD]],
  ['there is no Service', [ingress({ port: '80' }), POD]],
  ['a port of the pods is a placeholder', [ingress({ port: '80' }), SERVICE, POD, pod('any', { containerPort: '${PORT}' })]],
])('nothing is said if %s', (_, objects) => {
  expect(found(objects)).toEqual([]);
});
