/** A construct tree → manifests, each with the construct that a user wrote. */
import { ApiObject, App, Chart, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { apiObjectsBelow, manifestsBelow } from '../../lib/tree/policies';
import { CiliumNetworkPolicy, Selector } from 'cdk8s-cilium';

function tree(): Chart {
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  new CiliumNetworkPolicy(new Construct(chart, 'Team'), 'Web', { endpointSelector: Selector.all(), defaultDenyIngress: true });
  new ApiObject(chart, 'Config', { apiVersion: 'v1', kind: 'ConfigMap' });
  return chart;
}

test('every manifest is found, however deep it stands, with the path of the construct that a user wrote', () => {
  expect(manifestsBelow(tree()).map(({ value, constructPath }) => [value.kind, constructPath])).toEqual([
    ['CiliumNetworkPolicy', 'chart/Team/Web'],
    ['ConfigMap', 'chart/Config'],
  ]);
});

test('of a construct only what is below it', () => {
  const chart = tree();
  expect(manifestsBelow(chart.node.findChild('Team'))).toHaveLength(1);
  expect(manifestsBelow(chart.node.findChild('Config'))).toHaveLength(1);
});

test('what is lazy is resolved, and nothing else of the object is kept', () => {
  const chart = new Chart(new App(), 'chart');
  new ApiObject(chart, 'Late', { apiVersion: 'v1', kind: 'ConfigMap', data: Lazy.any({ produce: () => ({ a: '1' }) }) as unknown });
  expect(manifestsBelow(chart)[0].value).toMatchObject({ kind: 'ConfigMap', data: { a: '1' } });
});

test('an object is one by its shape: cdk8s itself is not asked', () => {
  const scope = new Construct(undefined as never, '');
  const alien = Object.assign(new Construct(scope, 'Alien'), {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {},
    toJson: () => ({ kind: 'Pod' }),
  });
  expect(apiObjectsBelow(scope)).toEqual([alien]);
  expect(manifestsBelow(scope)).toEqual([{ value: { kind: 'Pod' }, constructPath: 'Alien' }]);
});

test('an object that renders nothing is left out', () => {
  const scope = new Construct(undefined as never, '');
  Object.assign(new Construct(scope, 'Empty'), { apiVersion: 'v1', kind: 'Pod', metadata: {}, toJson: () => undefined });
  expect(manifestsBelow(scope)).toEqual([]);
});
