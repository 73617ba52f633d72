/** What the datapath does with packets whatever policies say. */
import { verdictReply } from '../../lib/cli/verdict-request';
import type { JsonObject } from '../../lib/model/json';
import { MINORS } from '../support/vectors/minors';

type Config = Record<string, string>;

/** The answers in every minor as text, such as `denied/default-deny, n/a`, or one if they agree. */
function answer(flow: JsonObject, objects: readonly JsonObject[] = [], config: Config = {}): unknown {
  const texts = MINORS.map((cilium) => {
    const reply = verdictReply({ cilium, objects, flows: [flow], config });
    const [one] = reply.ok ? (reply.value.answers ?? []) : [];
    return one === undefined || 'error' in one ? reply : [one.egress, one.ingress].map(sideText).join(', ');
  });
  return new Set(texts).size === 1 ? texts[0] : texts;
}

function sideText({ decision, reason }: { readonly decision: string; readonly reason: string | null }): string {
  return reason === null ? decision : `${decision}/${reason}`;
}

const PODS = { from: 'labels:app=a@shop', to: 'labels:app=b@shop' };
const CLOSED = policy({ endpointSelector: {}, ingress: [{}], egress: [{}] });
const DENYING = policy({ endpointSelector: {}, ingressDeny: [{ fromEntities: ['all'] }], egressDeny: [{ toEntities: ['all'] }] });

function policy(spec: JsonObject): JsonObject {
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { namespace: 'shop', name: 'p' }, spec };
}

const PASSES = 'allowed/not-enforced, allowed/not-enforced';
const OFF = 'denied/protocol-off, denied/protocol-off';

test.each<[JsonObject, Config, unknown]>([
  [{ protocol: 'SCTP', port: 5432 }, {}, OFF],
  [{ protocol: 'SCTP', port: 5432 }, { 'enable-sctp': 'true' }, PASSES],
  [{ protocol: 'ESP' }, {}, OFF],
  [{ protocol: 'GRE' }, { 'enable-extended-ip-protocols': 'true' }, [OFF, PASSES, PASSES]],
  [{ protocol: 'UDP', port: 53 }, {}, PASSES],
  [{ protocol: 'ICMPv6', type: 128 }, {}, PASSES],
])('without policies %j passes with %j: %j', (traffic, config, expected) => {
  expect(answer({ ...PODS, ...traffic }, [], config)).toEqual(expected);
});

test('no rule opens a protocol that is off, and audit mode does not either', () => {
  const objects = [policy({ endpointSelector: {}, ingress: [{ fromEntities: ['all'] }], egress: [{ toEntities: ['all'] }] })];
  expect(answer({ ...PODS, protocol: 'SCTP', port: 80 }, objects, { 'policy-audit-mode': 'true' })).toBe(OFF);
});

test('a protocol is dropped where a policy could be evaluated, and nowhere else', () => {
  expect(answer({ from: 'entity:world', to: PODS.to, protocol: 'SCTP', port: 80 })).toBe('n/a, denied/protocol-off');
});

test('"fragmentation needed" passes any policy, unless the agent is told otherwise', () => {
  const needed = { ...PODS, protocol: 'ICMP', type: 3, code: 4 };

  expect(answer(needed, [DENYING])).toBe(PASSES);
  expect(answer({ ...needed, code: 3 }, [DENYING])).toBe('denied/deny-rule, denied/deny-rule');
  expect(answer({ ...needed, protocol: 'ICMPv6' }, [DENYING])).toBe('denied/deny-rule, denied/deny-rule');
  expect(answer(needed, [DENYING], { 'allow-icmp-frag-needed': 'false' })).toBe('denied/deny-rule, denied/deny-rule');
});

test('in audit mode what policies deny passes', () => {
  const config = { 'policy-audit-mode': 'true' };

  expect(answer({ ...PODS, port: 80 }, [CLOSED], config)).toBe('allowed/audited, allowed/audited');
  expect(answer({ ...PODS, port: 80 }, [DENYING], config)).toBe('allowed/audited, allowed/audited');
  expect(answer({ ...PODS, port: 80 }, [], config)).toBe(PASSES);
});

test('what a rule redirects is unknown where there is no proxy', () => {
  const named = policy({
    endpointSelector: {},
    egress: [{ toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['example.com'] }] }],
  });

  expect(answer({ ...PODS, port: 443 }, [named])).toBe('allowed/rule, allowed/not-enforced');
  expect(answer({ ...PODS, port: 443 }, [named], { 'enable-l7-proxy': 'false' })).toBe('unknown, allowed/not-enforced');
});

describe('a packet that stays in its network namespace', () => {
  const pod = (name: string, ip: string): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'shop', name, labels: { app: name } },
    spec: { nodeName: 'n1', containers: [{ name: 'c' }] },
    status: { podIP: ip },
  });
  const node: JsonObject = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1' },
    status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }] },
  };
  const closed: JsonObject = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name: 'nodes' },
    spec: { nodeSelector: {}, ingress: [{}], egress: [{}] },
  };
  const service: JsonObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name: 'a' },
    spec: { clusterIP: '10.96.0.5', selector: { app: 'a' }, ports: [{ port: 80, targetPort: 8080 }] },
  };
  const objects = [pod('a', '10.0.1.5'), pod('b', '10.0.1.6'), node, service, CLOSED, closed];
  const config = { 'enable-host-firewall': 'true' };

  test.each<[string, string, string]>([
    ['shop/a', 'shop/a', 'n/a, n/a'],
    ['shop/a', 'ip:10.0.1.5', 'n/a, n/a'],
    ['shop/a', 'ip:127.0.0.1', 'n/a, n/a'],
    ['shop/a', 'ip:::1', 'n/a, n/a'],
    ['shop/a', 'service:shop/a', 'n/a, n/a'],
    ['shop/a', 'ip:10.0.1.6', 'denied/default-deny, denied/default-deny'],
    ['labels:app=a@shop', 'labels:app=a@shop', 'denied/default-deny, denied/default-deny'],
    ['node:n1', 'ip:192.0.2.1', 'n/a, n/a'],
    ['node:n1', 'shop/a', 'denied/default-deny, allowed/localhost'],
  ])('from %s to %s no policy is evaluated: %s', (from, to, expected) => {
    expect(answer({ from, to, port: 80 }, objects, config)).toBe(expected);
  });

  test('the pods of a workload may be several, so they have policies', () => {
    const template = { metadata: { labels: { app: 'w' } }, spec: { containers: [{ name: 'c' }] } };
    const workload: JsonObject = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace: 'shop', name: 'w' },
      spec: { template },
    };
    expect(answer({ from: 'shop/w', to: 'shop/w', port: 80 }, [workload, CLOSED])).toBe('denied/default-deny, denied/default-deny');
  });
});

describe('a rule that requires an authentication', () => {
  const requiring = (mode: string, more: readonly JsonObject[] = []) => [
    policy({ endpointSelector: { matchLabels: { app: 'b' } }, ingress: [{ fromEndpoints: [{}], authentication: { mode } }, ...more] }),
  ];
  const ingress = (objects: readonly JsonObject[], config: Config = {}) => answer({ ...PODS, port: 80 }, objects, config);
  const ALLOWED = 'allowed/not-enforced, allowed/rule';
  const DENIED = 'allowed/not-enforced, denied/not-authenticated';

  test('lets nothing pass while the agent does not authenticate, which is the default from 1.19 on', () => {
    expect(ingress(requiring('required'))).toEqual([ALLOWED, DENIED, DENIED]);
    expect(ingress(requiring('required'), { 'mesh-auth-enabled': 'true' })).toBe(ALLOWED);
    expect(ingress(requiring('required'), { 'mesh-auth-enabled': 'false' })).toBe(DENIED);
  });

  test('lets nothing pass in the test mode that always fails, and everything if it is disabled', () => {
    expect(ingress(requiring('test-always-fail'), { 'mesh-auth-enabled': 'true' })).toBe(DENIED);
    expect(ingress(requiring('disabled'))).toBe(ALLOWED);
  });

  test('beside another rule that requires none is unknown', () => {
    const more = [{ fromEntities: ['all'] }];
    expect(ingress(requiring('required', more), { 'mesh-auth-enabled': 'false' })).toBe('allowed/not-enforced, unknown');
  });
});

test.each<[string, JsonObject]>([
  ['enable-cilium-network-policy', CLOSED],
  ['enable-cilium-clusterwide-network-policy', { ...CLOSED, kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'p' } }],
  [
    'enable-k8s-networkpolicy',
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace: 'shop', name: 'p' },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    },
  ],
])('a policy has no effect while %s is off, even if it would be rejected, and a warning says so', (key, object) => {
  const flow = { ...PODS, port: 80 };
  expect(answer(flow, [object])).toBe('denied/default-deny, denied/default-deny');
  expect(answer(flow, [object], { [key]: 'false' })).toBe(PASSES);
  const reply = verdictReply({
    cilium: '1.20',
    objects: [{ ...object, spec: { nonsense: [] } }],
    flows: [flow],
    config: { [key]: 'false' },
  });
  expect(reply.ok && reply.value).toMatchObject({
    error: null,
    warnings: [{ code: 'without-effect', message: expect.stringContaining(`\`${key}\` is off`) as string }],
  });
});
