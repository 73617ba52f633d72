/** What engines for different policies over the same cluster share: identities by number, and the tables of rules. */
import type { Pod } from '../model/inventory';
import { hasLabel } from '../model/label';
import type { Agent } from '../resolve/agent';
import type { Resolver } from '../resolve/resolver';
import type { Identity } from '../resolve/view';
import { BitSet } from './bit-set';
import { Compiler } from './compiler';
import { Identities } from './identities';
import { PackedTables } from './packed';
import { Subjects } from './subject-index';

export class Shared {
  public readonly identities: Identities;
  /** The identities of hosts. */
  public readonly hosts = new BitSet();
  public readonly pods: ReadonlySet<Pod>;
  public readonly subjects: Subjects;
  public readonly compiler: Compiler;
  public readonly packed = new PackedTables();
  /** The number of identities before any flow. */
  public readonly initial: number;
  private readonly podNumbers = new WeakMap<Pod, number>();

  public constructor(resolver: Resolver, agent: Agent) {
    this.identities = new Identities(agent);
    this.pods = new Set(resolver.pods);
    // From here on all named ports are known.
    this.pods.forEach((pod) => this.numberOfPod(pod, resolver));
    this.subjects = new Subjects(this.identities);
    this.compiler = new Compiler(this.identities, resolver.namedPorts, agent);
    this.initial = this.identities.size;
  }

  /** A pod has the same identity for the agents of all nodes. */
  public numberOfPod(pod: Pod, resolver: Resolver): number {
    const number = this.podNumbers.get(pod) ?? this.numberOf(resolver.view(pod.node).pod(pod));
    this.podNumbers.set(pod, number);
    return number;
  }

  public numberOf(identity: Identity): number {
    const number = this.identities.numberOf(identity);
    if (hasLabel(identity.labels, 'reserved', 'host')) {
      this.hosts.add(number);
    }
    return number;
  }
}
