/** The entry of programs in TypeScript. */
import { check, compile, compileObjects, verdict } from '../lib/engine';
import { policy } from './support/check';

const DB = policy('  endpointSelector: { matchLabels: { app: db } }\n  ingress:\n    - fromEndpoints: [{ matchLabels: { app: web } }]\n');
const POD = 'apiVersion: v1\nkind: Pod\nmetadata: { name: db, labels: { app: db } }\nspec: { containers: [] }\n';
const SOURCES = [{ name: 'db.yaml', text: `${DB}---\n${POD}` }];
const FLOW = { from: 'labels:app=web@shop', to: 'labels:app=db@shop', port: 80 };

test('compiles once and answers often', () => {
  const engine = compile(SOURCES);
  expect(engine.verdict(FLOW)).toEqual({
    allowed: true,
    egress: { decision: 'allowed', reason: 'not-enforced', redirect: null, policies: [] },
    ingress: { decision: 'allowed', reason: 'rule', redirect: null, policies: ['CiliumNetworkPolicy/shop/web'] },
  });
  expect(engine.verdict({ ...FLOW, from: 'entity:world' }).allowed).toBe(false);
  expect(engine.explain({ ...FLOW, from: 'entity:world' }).explanation[0].ingress?.nearest).toMatchObject({
    file: 'db.yaml',
    line: 9,
    differs: [
      'the peer has no label `app`, and the rule takes `web`',
      'the peer has no namespace, and the rule takes `shop`',
      'the peer has no cluster, and the rule takes `default`',
    ],
  });
  expect(engine.refused).toEqual([]);
});

test('answers one flow at once', () => {
  expect(verdict(SOURCES, FLOW).allowed).toBe(true);
  expect(verdict(SOURCES, { ...FLOW, to: 'default/db' }, { namespace: 'default' }).allowed).toBe(true);
});

test('takes objects, and leaves out what the agent refuses', () => {
  const bad = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'bad' },
    spec: { endpointSelector: {}, ingress: [] },
  };
  const engine = compileObjects([bad], { namespace: 'shop', cilium: '1.19' });
  expect(engine.refused).toEqual(['CiliumNetworkPolicy shop/bad: CIL202: the policy has no rule, so the agent refuses it']);
  expect(engine.verdict(FLOW).ingress.reason).toBe('not-enforced');
  expect(check([{ name: 'bad.json', text: JSON.stringify(bad) }])).toHaveLength(1);
});

test('the switches of cilium-config count', () => {
  expect(verdict(SOURCES, { ...FLOW, from: 'entity:world' }, { config: { 'enable-policy': 'never' } }).allowed).toBe(true);
  expect(() => compile(SOURCES, { config: { labels: 'k8s:(' } })).toThrow('regular expression `(` is refused');
  expect(() => compile(SOURCES).verdict({ ...FLOW, port: 0 })).toThrow('port `0` is not between 1 and 65535');
});
