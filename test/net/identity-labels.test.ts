import * as fc from 'fast-check';
import { isIdentityRelevant } from '../../lib/net/identity-labels';
import { anyText, long } from './texts';

test.each([
  ['a label of your own', 'app'],
  ['a label of your own domain', 'example.com/app'],
  ['the recommended labels', 'app.kubernetes.io/name'],
  ['the namespace', 'io.kubernetes.pod.namespace'],
  ['the labels of the namespace', 'io.cilium.k8s.namespace.labels.team'],
  ['the cluster', 'io.cilium.k8s.policy.cluster'],
  ['the service account', 'io.cilium.k8s.policy.serviceaccount'],
  ['the role of a node', 'node-role.kubernetes.io/worker'],
  ['another label of a StatefulSet', 'statefulset.kubernetes.io/other'],
  ['another label of a Job', 'batch.kubernetes.io/job-name'],
  ['a label of a project of Kubernetes', 'x.k8s.io/name'],
  ['an excluded word that is not in front', 'my-pod-template-hash'],
  ['a word that only looks excluded', 'kubernetes-io/hostname'],
  ['a bare beta', 'beta'],
])('%s can be selected: %s', (_, key) => {
  expect(isIdentityRelevant(key)).toBe(true);
});

test.each([
  ['other labels of Kubernetes about the pod', 'io.kubernetes.pod.name'],
  ['the host name of a node', 'kubernetes.io/hostname'],
  ['the zone of a node', 'topology.kubernetes.io/zone'],
  ['the architecture of a node, as once written', 'beta.kubernetes.io/arch'],
  ['the zone of a node, as once written', 'failure-domain.beta.kubernetes.io/zone'],
  ['what once began with the name of a node', 'k8s.io/cluster'],
  ['the name of a pod of a StatefulSet', 'statefulset.kubernetes.io/pod-name'],
  ['the number of a pod of a StatefulSet', 'apps.kubernetes.io/pod-index'],
  ['the number of a pod of a Job', 'batch.kubernetes.io/job-completion-index'],
  ['the Job of a pod', 'batch.kubernetes.io/controller-uid'],
  ['the Job of a pod, as once written', 'controller-uid'],
  ['the generation of a pod', 'pod-template-generation'],
  ['the ReplicaSet of a pod', 'pod-template-hash'],
  ['the revision of a pod', 'controller-revision-hash'],
  ['annotations', 'annotation.example.com/x'],
  ['whatever begins like one', 'annotations'],
  ['nodes of etcd', 'etcd_node'],
  ['what begins like an excluded label', 'pod-template-hash-of-mine'],
])('%s cannot be selected: %s', (_, key) => {
  expect(isIdentityRelevant(key)).toBe(false);
});

test('what is behind a recommended or excluded prefix does not matter', () => {
  const behind = fc.string({ unit: fc.constantFrom('a', '-', '_', '/') });
  fc.assert(fc.property(behind, (text) => isIdentityRelevant(`app.kubernetes.io${text}`) && !isIdentityRelevant(`kubernetes.io${text}`)));
});

test('a label is dropped only for a word of the list', () => {
  const listed = /k8s\.io|kubernetes|pod-template|controller-|annotation|etcd_node/;
  fc.assert(fc.property(anyText, (text) => listed.test(text) || isIdentityRelevant(text)));
});

test.each(['a', '.', 'beta.', 'beta.kubernetes', 'kubernetes.io/'])('100,000 characters of `%s` have an answer', (part) => {
  expect(isIdentityRelevant(long(part))).toBe(part !== 'kubernetes.io/');
});
