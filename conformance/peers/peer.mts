// What another tool that judges NetworkPolicies is asked, and the words in which answers are compared.

export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly hostNetwork?: boolean;
    readonly containers?: readonly { readonly ports?: readonly NamedPort[] }[];
  };
}

interface NamedPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: string;
}

/** From one end to another one. An end is `namespace/pod`, or an address. */
export type Pair = readonly [from: string, to: string];

export interface Peer {
  readonly tool: string;
  /** Arguments with which it ends well, if it is there. */
  readonly probe: readonly string[];
  /** Whether it reads an object as Kubernetes does. */
  reads(object: Manifest): boolean;
  /** What passes between the ends of each pair; `undefined` if the tool refuses the objects. */
  ask(objects: readonly Manifest[], pairs: readonly Pair[]): readonly string[] | undefined;
}

export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

export type Range = readonly [protocol: string, first: number, last: number];

/** `TCP 1-80, UDP 53-53`: ranges in order, with neighbours as one. */
export function rangesText(ranges: readonly Range[]): string {
  const joined: [string, number, number][] = [];
  for (const [protocol, first, last] of [...ranges].sort(([a, b], [c, d]) => (a === c ? b - d : a < c ? -1 : 1))) {
    const before = joined.at(-1);
    if (before?.[0] === protocol && first <= before[2] + 1) {
      before[2] = Math.max(before[2], last);
    } else {
      joined.push([protocol, first, last]);
    }
  }
  return joined.length === 0 ? 'nothing' : joined.map(([protocol, first, last]) => `${protocol} ${first}-${last}`).join(', ');
}

export function podName({ metadata }: Manifest): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`;
}

export function portsOf({ spec }: Manifest): readonly NamedPort[] {
  return spec?.containers?.flatMap(({ ports = [] }) => ports) ?? [];
}
