/** Where blocks match pods (`policy-cidr-match-mode: pods`, from 1.20 on), by families: as Cilium 1.20.2 answered. */
import { verdictReply } from '../../lib/cli/verdict-request';
import type { JsonObject } from '../../lib/model/json';
import { blockOf } from '../../lib/resolve/rules/peers';

const pod = (name: string, ...ips: readonly string[]): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: { containers: [] },
  status: { podIPs: ips.map((ip) => ({ ip })) },
});

const PODS = [
  pod('a', '10.0.0.1'),
  pod('four', '10.0.0.2'),
  pod('six', '2001:db8::2'),
  pod('both', '10.0.0.3', '2001:db8::3'),
  pod('none'),
];

/** Which of the pods `a` may connect to, by the last objects. */
function reached(spec: JsonObject, config: Readonly<Record<string, string>>, cilium = '1.20'): string[] {
  const policy = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { namespace: 'shop', name: 'p' }, spec };
  const names = ['four', 'six', 'both', 'none'];
  const flows = names.map((name) => ({ from: 'shop/a', to: `shop/${name}`, port: 80 }));
  const reply = verdictReply({ cilium, config, objects: [...PODS, policy], flows });
  const answers = reply.ok ? (reply.value.answers ?? []) : [];
  return names.filter((_, i) => 'allowed' in answers[i] && answers[i].allowed === true);
}

const BOTH = { 'enable-ipv6': 'true' };
const SIX = { 'enable-ipv6': 'true', 'enable-ipv4': 'false' };

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['0.0.0.0/0', {}, ['four', 'both']],
  ['0.0.0.0/0', BOTH, ['four', 'both']],
  ['0.0.0.0/0', SIX, []],
  ['::/0', {}, []],
  ['::/0', BOTH, ['six', 'both']],
  ['::/0', SIX, ['six', 'both']],
  ['10.0.0.0/8', {}, ['four', 'both']],
  ['2001:db8::/64', BOTH, ['six', 'both']],
])('%s with %j matches %j', (cidr, families, pods) => {
  const spec = { endpointSelector: { matchLabels: { app: 'a' } }, egress: [{ toCIDRSet: [{ cidr }] }] };
  expect(reached(spec, { ...families, 'policy-cidr-match-mode': 'pods' })).toEqual(pods);
  expect(reached(spec, families)).toEqual([]);
});

test('from 1.19 on the agent takes an address in the place of a block for one of itself; Kubernetes rejects such a policy', () => {
  const at = { step: 'ipBlock', above: undefined };
  const part = { cidr: '192.0.2.1', group: '', selector: undefined, except: [{ text: '192.0.2.1', at }], at };
  const itself = { version: 4, first: 0xc0000201n, length: 32 };
  expect(blockOf(part, 'set', '1.20')).toMatchObject({ is: 'block', block: itself, except: [itself] });
});
