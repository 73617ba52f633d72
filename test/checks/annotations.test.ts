/** CIL420: annotations of Cilium that do not exist. */
import { checkObjects } from '../../lib/engine';
import type { Minor } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';

function found(value: JsonObject, cilium: Minor = '1.20'): string[] {
  return checkObjects([value], { cilium })
    .filter(({ code }) => code === 'CIL420')
    .map(({ severity, path, message, help }) => [severity, path, message, ...(help === null ? [] : [help])].join(' | '));
}

const object = (kind: string, annotation: string): JsonObject => ({
  apiVersion: kind.startsWith('Cilium') ? 'cilium.io/v2' : 'v1',
  kind,
  metadata: { name: 'web', namespace: 'shop', annotations: { [annotation]: 'x' } },
  ...(kind.startsWith('Cilium') && { spec: { endpointSelector: {}, ingress: [{}] } }),
});
const gone = (key: string) => `there is no annotation \`${key}\`, so Cilium ignores it`;
const at = (key: string) => `/metadata/annotations/${key.replace('/', '~1')}`;

test.each([
  ['service.cilium.io/gobal', 'warning', 'did you mean `service.cilium.io/global`?'],
  ['policy.cilium.io/no-track-ports', 'warning', 'did you mean `policy.cilium.io/no-track-port`?'],
  ['policy.cilium.io/proxy-visibility', 'warning', 'write a policy with HTTP or DNS rules, which shows the requests in Hubble'],
  ['policy.cilium.io/enforcement-mode', 'warning', undefined],
  ['network.cilium.io/anything', 'info', undefined],
  ['lbipam.cilium.io/constructor', 'info', undefined],
])('%s is reported: %s', (key, severity, help) => {
  const expected = [severity, at(key), gone(key), ...(help === undefined ? [] : [help])].join(' | ');
  expect(found(object('Service', key))).toEqual([expected]);
  expect(found(object('CiliumNetworkPolicy', key))).toEqual([expected]);
});

test('of pod templates', () => {
  const template = { metadata: { annotations: { 'policy.cilium.io/notrack-port': '53' } } };
  const meta = { apiVersion: 'apps/v1', metadata: { name: 'web', namespace: 'shop' } };
  expect(found({ ...meta, kind: 'Deployment', spec: { template } })).toHaveLength(1);
  expect(found({ ...meta, kind: 'CronJob', apiVersion: 'batch/v1', spec: { jobTemplate: { spec: { template } } } })).toHaveLength(1);
});

test('what a later minor brought', () => {
  const weighted = object('EndpointSlice', 'service.cilium.io/weight');
  const message =
    'warning | /metadata/annotations/service.cilium.io~1weight | Cilium 1.19 does not know the annotation `service.cilium.io/weight`';
  expect(found(weighted, '1.19')).toEqual([`${message} | it is known since 1.20`]);
  expect(found(weighted, '1.20')).toEqual([]);
});

test.each([
  'service.cilium.io/global',
  'policy.cilium.io/no-track-port',
  'io.cilium/global-service',
  'config.cilium.io/debug',
  'ingress.cilium.io/loadbalancer-mode',
  'tetragon.cilium.io/x',
  'example.com/policy.cilium.io',
  'policy.cilium.io',
  'constructor/x',
])('%s is not reported', (key) => {
  expect(found(object('Service', key))).toEqual([]);
});
