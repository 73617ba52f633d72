/** Groups of a cloud, of which Cilium asks the cloud: what is known of them here. */
import { verdictReply } from '../../lib/cli/verdict-request';
import type { JsonObject } from '../../lib/model/json';
import type { Minor } from '../support/vectors/minors';

const GROUP = { toGroups: [{ aws: { securityGroupsIds: ['sg-1'] } }] };

/** What the operator of 1.20 makes of the group; the label has a hash of how the group is written. */
const MADE = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumCIDRGroup',
  metadata: { name: 'made', labels: { 'extgrp.cilium.io/zbNb9W6aenSjAJK8RoTgcPT5ygDqKmqJKoQb4w': '' } },
  spec: { externalCIDRs: ['192.0.2.0/24'] },
};

/** Whether a pod may connect to two addresses outside of the cluster, a pod and the host; null where nobody knows. */
function answers(cilium: Minor, rules: JsonObject, ...objects: readonly JsonObject[]): unknown[] {
  const metadata = { namespace: 'shop', name: 'p' };
  const policy = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, spec: { endpointSelector: {}, ...rules } };
  const ends = ['ip:192.0.2.1', 'ip:198.51.100.1', 'labels:world=b@shop', 'entity:host'];
  const flows = ends.map((to) => ({ from: 'labels:app=a@shop', to, port: 80 }));
  const reply = verdictReply({ cilium, objects: [policy, ...objects], flows });
  return (reply.ok ? (reply.value.answers ?? []) : []).map((answer) => ('allowed' in answer ? answer.allowed : answer.error));
}

const ALLOWED = { egress: [GROUP] };

/** Another group, of which the prefix is one too. */
const OTHER = { ...MADE, metadata: { name: 'other', labels: { team: 'red' } } };

test('nobody knows what a group holds, but no pod or node is in it', () => {
  expect(answers('1.20', ALLOWED)).toEqual([null, null, false, false]);
  expect(answers('1.20', ALLOWED, OTHER)).toEqual([null, null, false, false]);
});

test('from 1.20 on the CiliumCIDRGroup that is made of it tells', () => {
  expect(answers('1.20', ALLOWED, MADE)).toEqual([true, false, false, false]);
  expect(answers('1.19', ALLOWED, MADE)).toEqual([null, null, false, false]);
});

test('a deny of a group leaves open what is allowed, and not what is denied anyway', () => {
  expect(answers('1.20', { egressDeny: [GROUP], egress: [{ toEntities: ['all'] }] })).toEqual([null, null, true, true]);
  expect(answers('1.20', { egressDeny: [GROUP] })).toEqual([false, false, false, false]);
});

test('what a rule denies no group opens', () => {
  expect(answers('1.20', { egress: [GROUP], egressDeny: [{ toCIDR: ['192.0.2.0/24'] }] })).toEqual([false, null, false, false]);
});

test('a group leaves open the ports that its rule names', () => {
  const toPorts = [{ ports: [{ port: '443', protocol: 'TCP' }] }];
  expect(answers('1.20', { egress: [{ ...GROUP, toPorts }] })).toEqual([false, false, false, false]);
});
