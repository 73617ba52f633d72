import type { Wording } from '../../admission/check';
import { renameKey } from '../../admission/fix';
import { isSince, Minor } from '../../crd/minor';
import { asObject, valueAt } from '../../model/json';
import type { Resource } from '../../model/origin';
import type { Path } from '../../model/path';
import { closest } from '../../net/did-you-mean';
import type { SetCheck } from '../check';

const pod = (annotation: string) => ({
  yaml: `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  annotations:
    ${annotation}: "53"
spec:
  containers:
    - name: web
`,
});

export const check: SetCheck = {
  code: 'CIL420',
  name: 'unknown-annotation',
  severity: 'warning',
  stage: 'set',
  summary: 'an annotation of Cilium that does not exist',
  why:
    'Cilium ignores an annotation that it does not know, and nobody says so: tracking stays on, a Service stays in its cluster. ' +
    '`policy.cilium.io/proxy-visibility`, which showed requests in Hubble without a policy, is gone; a policy with HTTP or DNS rules does that now.',
  limits:
    'Annotations of policies, pods, pod templates, namespaces, nodes and Services with the prefixes `policy.`, `network.`, `service.`, `clustermesh.`, ' +
    '`ipam.`, `lbipam.`, `cni.` and `cec.cilium.io`. Whether an annotation is on the right kind of object, and what its value is, is not looked at. An ' +
    'annotation that resembles none is only informative, because a newer minor may know it; but not one of `policy.cilium.io`, of which there are two.',
  source: 'cilium `pkg/annotation/k8s.go`, `operator/pkg/ciliumenvoyconfig/annotations.go`',
  bad: pod('policy.cilium.io/no-track-ports'),
  good: pod('policy.cilium.io/no-track-port'),
  inspect({ policies, others, agent: { minor } }, report) {
    for (const resource of [...policies, ...others]) {
      for (const { path, wording } of unknownIn(resource, minor)) {
        report(resource, { ...wording, onKey: true }, undefined, ...path);
      }
    }
  },
};

interface Unknown {
  readonly path: Path;
  readonly wording: Wording;
}

function unknownIn({ value }: Resource, minor: Minor): readonly Unknown[] {
  return PLACES.flatMap((place) =>
    Object.keys(asObject(valueAt(value, place))).flatMap((key): Unknown[] => {
      const wording = wordingOf(key, minor);
      return wording === undefined ? [] : [{ path: [...place, key], wording }];
    }),
  );
}

/** Of objects, and of the pods that workloads make. */
const PLACES: readonly Path[] = [
  ['metadata', 'annotations'],
  ['spec', 'template', 'metadata', 'annotations'],
  ['spec', 'jobTemplate', 'spec', 'template', 'metadata', 'annotations'],
];

/** `undefined` for an annotation that is known, or not one of these prefixes. */
function wordingOf(key: string, minor: Minor): Wording | undefined {
  const slash = key.indexOf('/');
  const [prefix, name] = [key.slice(0, slash), key.slice(slash + 1)];
  const known = Object.hasOwn(NAMES, prefix) ? NAMES[prefix] : undefined;
  if (known === undefined) {
    return undefined;
  }
  const since = Object.hasOwn(known, name) ? known[name] : undefined;
  if (since !== undefined) {
    const message = `Cilium ${minor} does not know the annotation \`${key}\``;
    return isSince(minor, since) ? undefined : { message, help: `it is known since ${since}` };
  }
  const message = `there is no annotation \`${key}\`, so Cilium ignores it`;
  if (key === VISIBILITY) {
    return { message, help: 'write a policy with HTTP or DNS rules, which shows the requests in Hubble' };
  }
  const near = closest(name, Object.keys(known));
  return near === undefined
    ? { message, ...(prefix !== OF_POLICIES && { severity: 'info' }) }
    : { message, help: `did you mean \`${prefix}/${near}\`?`, fix: renameKey(`${prefix}/${near}`, 'unsafe') };
}

const OF_POLICIES = 'policy.cilium.io';
const VISIBILITY = `${OF_POLICIES}/proxy-visibility`;

/** The names of annotations by prefix, each with the minor that brought it; those of all minors have the oldest one. */
const NAMES: Readonly<Record<string, Readonly<Record<string, Minor>>>> = {
  [OF_POLICIES]: since('1.18', 'name', 'no-track-port'),
  'network.cilium.io': {
    ...since('1.18', 'encryption-key', 'wg-pub-key', 'ipv4-pod-cidr', 'ipv6-pod-cidr', 'ipv4-health-ip', 'ipv6-health-ip'),
    ...since('1.18', 'ipv4-Ingress-ip', 'ipv6-Ingress-ip', 'ipv4-cilium-host', 'ipv6-cilium-host'),
    ...since('1.19', 'no-track-host-ports'),
    ...since('1.20', 'fib-table-id'),
  },
  'service.cilium.io': {
    ...since('1.18', 'affinity', 'forwarding-mode', 'global', 'global-sync-endpoint-slices', 'lb-algorithm', 'lb-l7', 'lb-l7-algorithm'),
    ...since('1.18', 'local-endpointslice', 'node', 'node-selector', 'proxy-delegation', 'shared', 'src-ranges-policy', 'type'),
    ...since('1.20', 'weight'),
  },
  'clustermesh.cilium.io': since('1.19', 'autoPatchedAt', 'global', 'supported-ip-families'),
  'ipam.cilium.io': {
    ...since('1.18', 'ignore', 'ip-pool', 'ipv4-pool', 'ipv6-pool'),
    ...since('1.19', 'require-pool-match', 'skip-masquerade'),
  },
  'lbipam.cilium.io': since('1.18', 'ips', 'sharing-cross-namespace', 'sharing-key'),
  'cni.cilium.io': since('1.18', 'mac-address'),
  'cec.cilium.io': { ...since('1.18', 'inject-cilium-filters'), ...since('1.19', 'is-l7lb', 'use-original-source-address') },
};

function since(minor: Minor, ...names: readonly string[]): Readonly<Record<string, Minor>> {
  return Object.fromEntries(names.map((name) => [name, minor]));
}
