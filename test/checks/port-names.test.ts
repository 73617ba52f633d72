/** Port names that the pods of the inventory do not have, or not with one number: CIL508 and CIL513. */
import { checkObjects } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';

type Minor = '1.18' | '1.19' | '1.20';

function found(objects: readonly JsonObject[], cilium: Minor = '1.20'): string[] {
  return checkObjects(objects, { cilium })
    .filter(({ code }) => ['CIL508', 'CIL513'].includes(code))
    .map(({ code, severity, path, message, help }) => [code, severity, `${path}:`, message, `; ${help}`].join(' '));
}

const WEB = { matchLabels: { app: 'web' } };
const policy = (spec: JsonObject, kind = 'CiliumNetworkPolicy', field = 'spec'): JsonObject => ({
  apiVersion: kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2',
  kind,
  metadata: { name: 'web', ...(kind !== 'CiliumClusterwideNetworkPolicy' && { namespace: 'shop' }) },
  [field]: field === 'specs' ? [spec] : spec,
});
const onPort = (port: string, protocol?: string) => ({ toPorts: [{ ports: [{ port, ...(protocol !== undefined && { protocol }) }] }] });
const ingress = (port: string, protocol?: string, subject: JsonObject = WEB) =>
  policy({ endpointSelector: subject, ingress: [onPort(port, protocol)] });
const egress = (port: string, peers: JsonObject = { toEndpoints: [WEB] }, section = 'egress') =>
  policy({ endpointSelector: {}, [section]: [{ ...peers, ...onPort(port) }] });
const pod = (app: string, ...ports: readonly JsonObject[]): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: app, namespace: 'shop', labels: { app } },
  spec: { containers: [{ name: 'a', ports }] },
});
const port = (name: string, containerPort: number, protocol?: string) => ({
  name,
  containerPort,
  ...(protocol !== undefined && { protocol }),
});
const POD = pod('web', port('http', 8080), port('metrics', 9090));
const AT = '/spec/ingress/0/toPorts/0/ports/0/port';
const SELECTED = 'no given pod that the policy selects has a port';
const PEERS = 'no given pod that the rule selects has a port';

test.each<[string, readonly JsonObject[], readonly string[]]>([
  ['a slip', [ingress('htpp'), POD], [`CIL508 warning ${AT}: ${SELECTED} \`htpp\` ; they have \`http\`, \`metrics\``]],
  [
    'a slip in a long name',
    [ingress('metircs', 'TCP', {}), POD],
    [`CIL508 warning ${AT}: ${SELECTED} \`metircs\` ; did you mean \`metrics\`?`],
  ],
  [
    'another protocol',
    [ingress('http', 'UDP'), POD],
    [`CIL508 warning ${AT}: ${SELECTED} \`http\` of this protocol ; write \`protocol: TCP\`, or the number of the port`],
  ],
  [
    'another protocol, beside the one that the pods have',
    [
      policy({
        endpointSelector: WEB,
        ingress: [{ toPorts: [{ ports: ['TCP', 'UDP'].map((protocol) => ({ port: 'http', protocol })) }] }],
      }),
      POD,
    ],
    [
      `CIL508 warning ${AT.replace('ports/0', 'ports/1')}: ${SELECTED} \`http\` of this protocol ; write the number \`8080\`, or give the UDP port of the container a name`,
    ],
  ],
  [
    'pods without names of ports',
    [ingress('http'), pod('web')],
    [`CIL508 warning ${AT}: ${SELECTED} \`http\` ; their ports have no names; write the number`],
  ],
  [
    'peers',
    [egress('grpc'), POD],
    [`CIL508 warning /spec/egress/0/toPorts/0/ports/0/port: ${PEERS} \`grpc\` ; they have \`http\`, \`metrics\``],
  ],
  [
    'peers of a deny rule',
    [egress('grpc', { toEndpoints: [WEB] }, 'egressDeny'), POD],
    [`CIL508 warning /spec/egressDeny/0/toPorts/0/ports/0/port: ${PEERS} \`grpc\` ; they have \`http\`, \`metrics\``],
  ],
  [
    'a NetworkPolicy',
    [policy({ podSelector: WEB, ingress: [{ ports: [{ port: 'grpc' }] }] }, 'NetworkPolicy'), POD],
    [`CIL508 warning /spec/ingress/0/ports/0/port: ${SELECTED} \`grpc\` ; they have \`http\`, \`metrics\``],
  ],
  [
    'a clusterwide policy, in `specs`',
    [policy({ endpointSelector: WEB, ingress: [onPort('grpc')] }, 'CiliumClusterwideNetworkPolicy', 'specs'), POD],
    [`CIL508 warning /specs/0/ingress/0/toPorts/0/ports/0/port: ${SELECTED} \`grpc\` ; they have \`http\`, \`metrics\``],
  ],
])('a name that no pod has: %s', (_, objects, expected) => {
  expect(found(objects)).toEqual(expected);
});

test.each<[string, readonly JsonObject[], Minor]>([
  ['no pod is selected', [ingress('grpc'), pod('db')], '1.20'],
  ['one of the pods has the name', [ingress('grpc', 'TCP', {}), POD, pod('api', port('grpc', 1))], '1.20'],
  ['it is written in other letters', [ingress('HTTP'), POD], '1.20'],
  ['a protocol of it fits', [ingress('http'), ingress('http', 'ANY'), POD], '1.20'],
  ['any pod is selected, and others may have the name', [ingress('grpc', 'TCP', {}), POD], '1.20'],
  ['the number of a port is a placeholder', [ingress('grpc'), POD, pod('web', { name: '${NAME}', containerPort: 80 })], '1.20'],
  ['it is a number', [ingress('80'), POD], '1.20'],
  ['it is a placeholder', [ingress('${PORT}'), POD], '1.20'],
  ['peers are not only pods', [egress('grpc', { toEntities: ['world'] }), egress('grpc', {}), POD], '1.20'],
  ['in 1.19 another pod has the name', [egress('grpc'), POD, pod('api', port('grpc', 1))], '1.19'],
])('nothing is said of a port if %s', (_, objects, minor) => {
  expect(found(objects, minor)).toEqual([]);
});

const TWO = [pod('web', port('http', 8080)), pod('api', port('http', 80))];
const SEVERAL = 'pods have several numbers for the port `http`, 80, 8080, so the rule';

test.each<[string, readonly JsonObject[], Minor, readonly string[]]>([
  [
    'of peers',
    [egress('http'), ...TWO],
    '1.19',
    [`CIL513 warning /spec/egress/0/toPorts/0/ports/0/port: ${SEVERAL} allows nothing on it ; write the number of the port`],
  ],
  [
    'of a deny rule',
    [egress('http', {}, 'egressDeny'), ...TWO],
    '1.18',
    [`CIL513 warning /spec/egressDeny/0/toPorts/0/ports/0/port: ${SEVERAL} denies nothing on it ; write the number of the port`],
  ],
  ['of peers, since 1.20', [egress('http'), ...TWO], '1.20', []],
  ['of pods themselves', [ingress('http'), ...TWO], '1.19', []],
  ['of one number', [egress('http'), TWO[0], pod('api', port('http', 8080))], '1.19', []],
])('a name with several numbers, %s', (_, objects, minor, expected) => {
  expect(found(objects, minor)).toEqual(expected);
});
