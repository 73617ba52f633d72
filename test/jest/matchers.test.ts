import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { CiliumNetworkPolicy, Peer, Port, Selector } from '../../lib';
import '../../lib/jest';
import { policy } from '../support/check';

function shop(): Chart {
  const chart = new Chart(new App(), 'net', { namespace: 'shop' });
  const web = new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: Selector.labels({ app: 'web' }) });
  web.allowTo(Peer.labels({ app: 'db' }), Port.tcp(5432));
  new ApiObject(chart, 'Deployment', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main' }] } } },
  });
  return chart;
}

const DB = 'labels:app=db@shop';

test('a chart allows and denies flows, and its workloads count as pods', () => {
  expect(shop()).toAllow({ from: 'shop/web', to: DB, port: 5432 });
  expect(shop()).toDeny({ from: 'shop/web', to: 'entity:world', port: 443 });
  expect(shop()).not.toAllow({ from: 'shop/web', to: DB, port: 80 });
});

test('a chart opens nothing that another one does not, or names what it opens', () => {
  const open = new Chart(new App(), 'net', { namespace: 'shop' });
  new CiliumNetworkPolicy(open, 'Web', { endpointSelector: Selector.labels({ app: 'web' }) }).allowTo(Peer.labels({ app: 'db' }));
  expect(shop()).toOpenNothingComparedTo(shop());
  expect(shop()).toOpenNothingComparedTo(open);
  expect(open).not.toOpenNothingComparedTo(shop());
  expect(() => expect(open).toOpenNothingComparedTo(shop())).toThrow('expected nothing to be opened\nopened:\n');
  expect(() => expect(shop()).not.toOpenNothingComparedTo(shop())).toThrow('expected something to be opened, but nothing is');
});

test('a chart has properties, or the flow that is against one is shown', () => {
  const db = { namespace: 'shop', podSelector: { matchLabels: { app: 'db' } } };
  const closed = { properties: [{ 'default-denied': { of: { namespace: 'shop', podSelector: { matchLabels: { app: 'web' } } } } }] };
  const apart = { properties: [{ isolated: { between: [db, { entities: 'world' }] as const } }] };
  const folder = mkdtempSync(join(tmpdir(), 'matchers-'));
  const file = join(folder, 'properties.yaml');
  writeFileSync(file, JSON.stringify(apart));
  expect(shop()).not.toSatisfy(apart);
  expect(shop()).not.toSatisfy(file);
  expect(() => expect(shop()).toSatisfy(file)).toThrow(`expected the properties to hold\nfails    isolated, ${file}:1:`);
  expect(() => expect(shop()).toSatisfy({ properties: [] })).toThrow('there are no properties');
  expect(() => expect(shop()).not.toSatisfy(closed)).not.toThrow();
  rmSync(folder, { recursive: true });
});

test('a chart opens what is listed only, compared with another one', () => {
  const open = new Chart(new App(), 'net', { namespace: 'shop' });
  new CiliumNetworkPolicy(open, 'Web', { endpointSelector: Selector.labels({ app: 'web' }) }).allowTo(Peer.labels({ app: 'db' }));
  const [web, db] = ['web', 'db'].map((app) => ({ namespace: 'shop', podSelector: { matchLabels: { app } } }));
  const listed = (to: object) => ({ properties: [{ 'opens-only': [{ from: web, to }] }] });
  expect(open).toSatisfy(listed(db), { base: shop() });
  expect(open).not.toSatisfy(listed(web), { base: shop() });
  expect(() => expect(open).toSatisfy(listed(web))).toThrow('give those before it');
});

test('objects and folders are accepted too', () => {
  expect(Testing.synth(shop())).toAllow({ from: 'shop/web', to: DB, port: 5432 });
  const folder = mkdtempSync(join(tmpdir(), 'matchers-'));
  writeFileSync(join(folder, 'web.yaml'), policy('  endpointSelector: {}\n  ingress:\n    - fromEntities: [world]\n'));
  expect(folder).toAllow({ from: 'entity:world', to: 'labels:@shop', port: 80 });
  expect(folder).toDeny({ from: 'labels:@shop', to: 'labels:@shop', port: 80 });
  rmSync(folder, { recursive: true });
});

test('an expectation about nothing is an error', () => {
  const folder = mkdtempSync(join(tmpdir(), 'matchers-'));
  expect(() => expect(folder).toBeClean()).toThrow('there are no objects to judge');
  expect(() => expect(folder).toAllow({ from: 'entity:world', to: DB, port: 80 })).toThrow('there are no objects to judge');
  expect(() => expect([]).toBeClean()).toThrow('there are no objects to judge');
  rmSync(folder, { recursive: true });
});

test('a folder that is passed over is an error', () => {
  const folder = mkdtempSync(join(tmpdir(), 'matchers-'));
  writeFileSync(join(folder, 'web.yaml'), policy('  endpointSelector: {}\n  ingress: [{}]\n'));
  mkdirSync(join(folder, '.hidden'));
  expect(() => expect(folder).toBeClean()).toThrow(`not read: ${folder}/.hidden`);
  expect(() => expect(folder).toAllow({ from: 'entity:world', to: DB, port: 80 })).toThrow(`not read: ${folder}/.hidden`);
  rmSync(folder, { recursive: true });
});

test('what a settings file that was found excludes is an error', () => {
  const start = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'matchers-'));
  writeFileSync(join(folder, 'web.yaml'), policy('  endpointSelector: {}\n  ingress: [{}]\n'));
  writeFileSync(join(folder, 'deny.yaml'), policy('  endpointSelector: {}\n  ingressDeny: [{}]\n'));
  writeFileSync(join(folder, 'cdk8s-cilium.yaml'), 'exclude: deny.yaml\n');
  process.chdir(folder);
  const excluded = 'not read: deny.yaml (cdk8s-cilium.yaml:1:1 deny.yaml)';
  expect(() => expect('.').toBeClean()).toThrow(excluded);
  expect(() => expect('.').toAllow({ from: 'entity:world', to: DB, port: 80 })).toThrow(excluded);
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

test('a patch that is passed over is an error', () => {
  const folder = mkdtempSync(join(tmpdir(), 'matchers-'));
  writeFileSync(join(folder, 'kustomization.yaml'), 'patches: [{ path: web.yaml }]\n');
  writeFileSync(join(folder, 'web.yaml'), policy('  endpointSelector: {}\n  ingress: []\n'));
  expect(() => expect(folder).toBeClean()).toThrow(`not read: ${folder}/web.yaml`);
  rmSync(folder, { recursive: true });
});

test('what a stranger has written is safe to print', () => {
  const folder = mkdtempSync(join(tmpdir(), 'matchers-'));
  const evil = JSON.stringify('x\n::error::y\u001b[2J');
  const text = policy('  endpointSelector: {}\n  ingress: []\n')
    .replace('name: web', `name: ${evil}`)
    .replace('spec:', `spec:\n  ${evil}: 1`);
  writeFileSync(join(folder, 'web.yaml'), `${text}---\nkind: CiliumNetworkPolicy\n${evil}: [\n`);
  const messages = [
    () => expect(folder).toBeClean(),
    () => expect(folder).toAllow({ from: 'entity:world', to: DB, port: 80 }),
    () => expect(folder).toAllow({ from: 'shop/\u001b[2J', to: DB, port: 80 }),
  ].map(messageOf);
  messages.forEach((message) => expect(message).not.toMatch(/\u001b|^::/m));
  expect(messages[0]).toContain('CIL103');
  rmSync(folder, { recursive: true });
});

function messageOf(run: () => void): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

test('a failure prints the steps', () => {
  expect(() => expect(shop()).toAllow({ from: 'shop/web', to: DB, port: 80 })).toThrow(
    'expected the flow to be allowed\ndenied: shop/web → labels:app=db@shop 80/TCP\n  egress of shop/web: denied: no rule allows it, and the direction is default-deny',
  );
  expect(() => expect(shop()).toDeny({ from: 'shop/web', to: DB, port: 5432 })).toThrow('expected the flow to be denied\nallowed: ');
});

test('an unknown verdict fails with and without `.not`', () => {
  const chart = new Chart(new App(), 'net', { namespace: 'shop' });
  const web = new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: Selector.all() });
  web.allowTo(Peer.awsGroups({ securityGroupsIds: ['sg-1'] }), Port.tcp(443));
  const flow = { from: 'labels:@shop', to: 'ip:192.0.2.1', port: 443 };
  expect(() => expect(chart).toAllow(flow)).toThrow(
    /unknown: it depends on what the cloud group sg-1 holds: net\/Web \/spec\/egress\/0 \(shop\/net-web-\w+\)\n/,
  );
  expect(() => expect(chart).toDeny(flow)).toThrow('unknown: it depends on what the cloud group sg-1 holds');
  expect(() => expect(chart).not.toAllow(flow)).toThrow('expected the flow not to be allowed\nunknown: ');
  expect(() => expect(chart).not.toDeny(flow)).toThrow('expected the flow not to be denied\nunknown: ');
  expect(chart).toDeny({ from: 'labels:@shop', to: 'labels:@other', port: 443 });
  expect(chart).toDeny({ ...flow, port: 80 });
});

test.each<[object, string]>([
  [
    { from: 'shop/x' },
    'from: no pod or workload `shop/x`; write the labels of a possible pod, such as `labels:app=web@shop`, or give an inventory (`inventory`)',
  ],
  [{ from: 'node:n1' }, 'from: no node `n1`; give an inventory (`inventory`) with it'],
  [{ to: 'service:shop/x' }, 'to: no service `shop/x`; give an inventory (`inventory`) with it'],
])('an error for %j names the options of the matcher, and no flags', (ends, message) => {
  expect(() => expect(shop()).toAllow({ from: 'labels:@shop', to: 'labels:@shop', port: 80, ...ends })).toThrow(message);
});

test('a link that leads elsewhere is an error without flags', () => {
  const folder = mkdtempSync(join(tmpdir(), 'matchers-'));
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'out.yaml'), 'kind: Pod\n');
  symlinkSync('../out.yaml', join(folder, 'in/link.yaml'));
  const linked = join(folder, 'in');
  expect(() => expect(linked).toAllow(FLOW)).toThrow(/^not read: .*CIL009: the link leads out of the given paths, and is not followed$/);
  expect(() => expect(linked).toBeClean()).toThrow(
    'name the path that the link leads to; the command line follows it with `--follow-links`',
  );
  rmSync(folder, { recursive: true });
});

const FLOW = { from: 'entity:world', to: 'labels:@shop', port: 80 };

test('input that cannot be read could be a policy, and is rejected', () => {
  const wrong = { apiVersion: 'cilium.io/v3', kind: 'CiliumNetworkPolicy', metadata: { name: 'a', namespace: 'shop' } };
  expect(() => expect([wrong]).toAllow(FLOW)).toThrow('not read: CIL006: ');
  expect(() => expect([7]).toAllow(FLOW)).toThrow('item 0 must be an object, not an integer');
  expect(() => expect([]).toAllow(FLOW)).toThrow('there are no objects to judge');
  const folder = mkdtempSync(join(tmpdir(), 'matchers-'));
  expect(() => expect(folder).toAllow(FLOW)).toThrow('there are no objects to judge');
  writeFileSync(join(folder, 'web.yaml'), 'kind: [');
  expect(() => expect(folder).toAllow(FLOW)).toThrow(/^not read: .*web\.yaml:1: CIL001: /);
  rmSync(folder, { recursive: true });
});

test('a file that changes between two expectations is read again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'matchers-'));
  const pod = (app: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop, labels: { app: ${app} } }\n`;
  const inventory = [join(folder, 'cluster.yaml')];
  writeFileSync(inventory[0], pod('web'));
  expect(shop()).toDeny({ from: 'shop/web', to: 'entity:world', port: 443 }, { inventory });
  writeFileSync(inventory[0], pod('other'));
  expect(shop()).toAllow({ from: 'shop/web', to: 'entity:world', port: 443 }, { inventory });
  rmSync(folder, { recursive: true });
});

test('a clean chart is clean, another is not', () => {
  expect(shop()).toBeClean({ cilium: '1.19' });
  const bad = [
    { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'a' }, spec: { endpointSelector: {}, ingress: [] } },
  ];
  expect(() => expect(bad).toBeClean()).toThrow('CIL202 rule-without-section: the policy has no rule, so the agent rejects it');
});

test('an inventory says whom selectors select', () => {
  const folder = mkdtempSync(join(tmpdir(), 'matchers-'));
  const inventory = join(folder, 'pods.yaml');
  writeFileSync(inventory, 'apiVersion: v1\nkind: Pod\nmetadata: {name: checkout, namespace: shop, labels: {app: checkout}}\n');
  const spec = { endpointSelector: { matchLabels: { app: 'chekout' } }, ingress: [{}] };
  const policies = [{ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'web', namespace: 'shop' }, spec }];
  expect(policies).toBeClean({ warnings: true });
  expect(() => expect(policies).toBeClean({ warnings: true, inventory })).toThrow('did you mean `app: checkout`');
  expect(() => expect(policies).toBeClean({ inventory: join(folder, 'none.yaml') })).toThrow('none.yaml');
  rmSync(folder, { recursive: true });
});
