/** What policies close, and what they say. */
import { Expression, say, Value } from './expression';
import { holds, Peer, peerOf } from './peers';
import { End } from './universe';

export type Direction = 'ingress' | 'egress';
export type Props = Readonly<Record<string, Value>>;

/** What one call of a verb says. Without traffic, it speaks of all traffic. */
export interface Rule {
  readonly direction: Direction;
  readonly isDeny: boolean;
  readonly peer: Peer;
  readonly traffic: readonly Expression[];
}

/** A subject with its rules. */
export interface Spec {
  readonly isSubject: (end: End) => boolean;
  /** The namespace of the policy; none if it is clusterwide. */
  readonly space?: string;
  /** Whether a direction is closed, if that is said; otherwise its first rule closes it. */
  readonly closes: { readonly [direction in Direction]?: boolean };
  readonly rules: Rule[];
}

/** A policy, or a further spec of one, without rules. */
export function specOf(props: Props, space: string | undefined): Spec {
  const { endpointSelector, nodeSelector, defaultDenyIngress, defaultDenyEgress } = props;
  const isEndpoint = ({ is, space: own }: End) => is !== 'node' && is !== 'world' && (space === undefined || space === own);
  return {
    isSubject: (end) =>
      nodeSelector === undefined
        ? isEndpoint(end) && holds(endpointSelector as Expression, end)
        : end.is === 'node' && holds(nodeSelector as Expression, end),
    space,
    closes: { ingress: defaultDenyIngress as boolean | undefined, egress: defaultDenyEgress as boolean | undefined },
    rules: [],
  };
}

/** Adds what a call of a verb says. */
export function speak(spec: Spec, verb: string, peer: Expression, ...traffic: readonly Expression[]): void {
  const direction = verb.endsWith('From') ? 'ingress' : 'egress';
  spec.rules.push({ direction, isDeny: verb.startsWith('deny'), peer: peerOf(peer, spec.space), traffic });
}

/** The look-ups of a resolver: port 53 over every protocol, and every name. */
export function openDns(spec: Spec, { say: name, args = [] }: Expression): void {
  const coreDns = say('Peer.kubeDns');
  // No pod of the universe is the cache of a node.
  const peer = name === 'DnsResolver.of' ? (args[0] as Expression) : coreDns;
  speak(spec, 'allowTo', peer, say('Port.any', 53));
}

export const CORE_DNS = say('DnsResolver.kubeDns');
