import { cnp } from '../../admission/example';
import { writeValue } from '../../admission/fix';
import { asObject, asText } from '../../model/json';
import type { Path } from '../../model/path';
import { pathTo } from '../../model/path';
import type { LabelSelector, Policy } from '../../model/policy';
import { placeholderIn } from '../../read/placeholders';
import type { SetCheck } from '../check';
import { isNamespaceName, isOfThisCluster } from './asked';
import { KnownCluster } from './known-cluster';
import { nearestText, Typos } from './typos';
import { isVagueAt, labelPath } from './written-at';

const NAMESPACE = `---
apiVersion: v1
kind: Namespace
metadata:
  name: payments
`;

const example = (name: string) => ({
  yaml:
    cnp(`
    endpointSelector: {}
    ingress:
      - fromEndpoints:
          - matchLabels:
              io.kubernetes.pod.namespace: ${name}
  `).yaml + NAMESPACE,
});

export const check: SetCheck = {
  code: 'CIL505',
  name: 'unknown-namespace',
  severity: 'warning',
  stage: 'inventory',
  summary: 'a namespace that the inventory does not have',
  why:
    'A policy of a namespace that does not exist cannot be applied, and a selector that names one matches nobody. Where the inventory has all namespaces of a ' +
    'cluster, which it is taken to have if `kube-node-lease` is among them, every other name is reported. Otherwise only a name that differs from one of ' +
    'the inventory by a slip is: manifests rarely have all namespaces. Namespaces of pods and Services of the inventory count as given.',
  limits:
    'A namespace that is made later, or by another tool, is not seen. Not reported: names that are filled in later, and namespaces of another cluster of a mesh.',
  source: 'https://docs.cilium.io/en/stable/security/policy/kubernetes/',
  bad: example('paymnets'),
  good: example('payments'),
  inspect(given, report) {
    const cluster = KnownCluster.of(given);
    const names = cluster && new Set([...cluster.inventory.namespaces.keys(), ...cluster.usedNamespaces()]);
    if (cluster === undefined || names === undefined || cluster.inventory.namespaces.size === 0) {
      return;
    }
    const known = [...names].filter((name) => placeholderIn(name) === undefined);
    // A placeholder may be any namespace.
    const isWhole = known.length === names.size && names.has('kube-node-lease');
    const missing = new Missing(known, isWhole);
    for (const policy of cluster.policies) {
      const unknown = namedIn(policy, cluster).filter(
        ({ path, name }) => missing.of(name).isMissing && !isVagueAt(policy.resource, ...path),
      );
      for (const { path, name } of unknown) {
        report(policy.resource, wordingOf(name, missing.of(name)), undefined, ...path);
      }
    }
  },
};

interface NearName {
  readonly isMissing: boolean;
  readonly near?: string;
  readonly guess?: string;
}

class Missing {
  private readonly names: ReadonlySet<string>;
  private readonly typos: Typos;
  private readonly found = new Map<string, NearName>();

  public constructor(
    private readonly known: readonly string[],
    private readonly isWhole: boolean,
  ) {
    this.names = new Set(known);
    this.typos = new Typos(known);
  }

  /** Thousands of policies name the same namespaces. */
  public of(name: string): NearName {
    const found = this.found.get(name) ?? this.nearest(name);
    this.found.set(name, found);
    return found;
  }

  private nearest(name: string): NearName {
    if (this.names.has(name)) {
      return { isMissing: false };
    }
    const [near] = this.typos.of(name);
    return { isMissing: this.isWhole || near !== undefined, near, guess: near ?? nearestText(name, this.known) };
  }
}

function wordingOf(name: string, { near, guess }: NearName) {
  return {
    message: `no namespace \`${name}\` is given`,
    ...(guess !== undefined && { help: `did you mean \`${guess}\`?` }),
    ...(near !== undefined && { fix: writeValue(near, 'unsafe') }),
  };
}

interface Named {
  readonly path: Path;
  readonly name: string;
}

/** The namespaces that a policy names: its own, those of its selectors, and those of Services. */
function namedIn(policy: Policy, cluster: KnownCluster): readonly Named[] {
  const { namespace, rules, resource } = policy;
  const isWritten = asText(asObject(resource.value.metadata).namespace) === namespace;
  const own = namespace !== '' && isWritten ? [{ path: ['metadata', 'namespace'], name: namespace }] : [];
  const subjects = namespace === '' ? [...new Set(rules.map(({ subject }) => subject.selector))] : [];
  const peers = rules.flatMap((rule) => (rule.peers.is === 'selectors' ? rule.peers.selectors : []));
  const selectors = [...subjects, ...peers].flatMap((selector) => (selector.is === 'labels' ? [selector] : []));
  const services = rules.flatMap(({ peers: one, path }) =>
    one.is === 'services'
      ? one.refs.flatMap((ref, i) =>
          ref.is === 'none' || ref.namespace === ''
            ? []
            : [
                {
                  path: [...path, 'toServices', i, ref.is === 'name' ? 'k8sService' : 'k8sServiceSelector', 'namespace'],
                  name: ref.namespace,
                },
              ],
        )
      : [],
  );
  return [...own, ...selectors.flatMap((selector) => namedBy(selector, policy, cluster)), ...services];
}

function namedBy(selector: LabelSelector, { namespace, resource }: Policy, { agent }: KnownCluster): readonly Named[] {
  const { at, requirements } = selector;
  if (at === undefined || !isOfThisCluster(selector, agent)) {
    return [];
  }
  const selectorPath = pathTo(at);
  return requirements
    .filter(({ key, operator }) => operator === 'In' && isNamespaceName(key))
    .flatMap((requirement) => {
      const path = labelPath(resource, at, requirement);
      // The agent adds the namespace of the policy where none is written.
      return path.length === selectorPath.length
        ? []
        : requirement.values.filter((name) => name !== namespace).map((name) => ({ path, name }));
    });
}
