/** What is behind a Service: pods and addresses, on the ports that it leads to. */
import type { JsonObject } from '../../../lib/model/json';
import { expectParsed } from '../../../lib/net/parsed';
import { behindService, TargetPort } from '../../../lib/reach/universe/behind';
import { universeOf } from '../../../lib/reach/universe/universe';
import { engineOf } from '../../support/world-engine';

const POD = (name: string, labels: JsonObject, spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'x', labels },
  spec: { containers: [], ...spec },
});
const SERVICE = (name: string, spec: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'x' },
  spec,
});
const PORTS = [
  { name: 'a', port: 80, targetPort: 8080 },
  { name: 'b', port: 81, targetPort: 8081 },
];
const OBJECTS = [
  POD('web', { app: 'web' }),
  POD('agent', { app: 'agent' }, { hostNetwork: true }),
  SERVICE('web', { selector: { app: 'web' }, ports: PORTS }),
  SERVICE('headless', { clusterIP: 'None', selector: { app: 'web' }, ports: PORTS }),
  SERVICE('agent', { selector: { app: 'agent' }, ports: PORTS }),
  SERVICE('nobody', { selector: { app: 'nobody' }, ports: PORTS }),
  SERVICE('outside', { ports: [{ port: 443 }] }),
  {
    ...{
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      addressType: 'IPv4',
      ports: [{ name: '', port: 8443, protocol: 'TCP' }],
    },
    metadata: { name: 'outside-1', namespace: 'x', labels: { 'kubernetes.io/service-name': 'outside' } },
    endpoints: [{ addresses: ['198.51.100.1'] }],
  },
];
const engine = engineOf({ objects: OBJECTS, config: {}, names: {} }, '1.20')!;
const universe = expectParsed(universeOf([engine], { mostPossible: 10 }));

/** The targets in words, or why there are none. */
function behind(name: string, port?: TargetPort): readonly string[] | string {
  const found = behindService(name, port, universe, engine);
  return found.ok
    ? found.value.targets.map(({ end, port: own }) =>
        [...universe.ends[end].members, ...(own ? [`${own.number}/${own.protocol}`] : [])].join(' '),
      )
    : found.problem;
}

const tcp = (number: number): TargetPort => ({ number, protocol: 'TCP' });

test.each<[string, string, TargetPort | undefined, readonly string[] | string]>([
  ['all of its ports', 'x/web', undefined, ['x/web 8080/TCP', 'x/web 8081/TCP']],
  ['one of its ports', 'x/web', tcp(80), ['x/web 8080/TCP']],
  ['a port that it does not have', 'x/web', tcp(82), 'service `x/web` has no port 82/TCP'],
  ['a Service without an address: its pods on every port', 'x/headless', undefined, ['x/web']],
  ['a Service without an address, on a port: its pods on that port', 'x/headless', tcp(9), ['x/web 9/TCP']],
  ['an address', 'x/outside', undefined, ['0.0.0.0/0 8443/TCP']],
  ['nobody', 'x/nobody', undefined, 'service `x/nobody` has no backend'],
  ['nobody on a port', 'x/nobody', tcp(80), 'service `x/nobody` has no backend at port 80/TCP'],
  [
    'only pods in the network of a node that is not given',
    'x/agent',
    undefined,
    'what is behind service `x/agent` is in the network of nodes that are not given',
  ],
  ['a Service that is not there', 'x/other', undefined, 'no service `x/other`'],
])('behind a Service is %s', (_, name, port, expected) => {
  expect(behind(name, port)).toEqual(expected);
});

test('pods in the network of a node that is not given are left out beside others', () => {
  const both = SERVICE('both', { selector: { all: 'a' }, ports: [{ port: 80 }] });
  const pods = [POD('web', { all: 'a' }), POD('agent', { all: 'a' }, { hostNetwork: true })];
  const own = engineOf({ objects: [...pods, both], config: {}, names: {} }, '1.20')!;
  const found = expectParsed(behindService('x/both', undefined, expectParsed(universeOf([own], { mostPossible: 10 })), own));
  expect([found.targets.length, found.leftOut]).toEqual([1, ['x/agent']]);
});
