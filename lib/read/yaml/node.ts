/** The tree of a document. Each node has its place: offsets into the text, the end exclusive. */
import type { Scalar } from './scalar';

interface Placed {
  readonly start: number;
  readonly end: number;
  /** Whether it has an anchor or a tag, YAML's node properties: its text is not all of it, or it is elsewhere too. @default false */
  readonly hasProperties?: boolean;
}

export interface ScalarNode extends Placed {
  readonly is: 'scalar';
  readonly value: Scalar;
  /** As written, without quotes. */
  readonly text: string;
  readonly style: ScalarStyle;
}

/** `plain`: without quotes and without a tag, so that the text says its type. `literal`: a block that begins with `|`, so that its lines are those of the text. */
export type ScalarStyle = 'plain' | 'literal' | 'other';

export interface SequenceNode extends Placed {
  readonly is: 'sequence';
  readonly items: readonly Node[];
}

export interface MappingNode extends Placed {
  readonly is: 'mapping';
  /** In the order of the text. If a key occurs twice, only its last entry is included. */
  readonly entries: readonly Entry[];
}

export interface Entry {
  /** The key as the Kubernetes tools write it in JSON. */
  readonly name: string;
  readonly key: Node;
  readonly value: Node;
  /** Whether it is written in another mapping, and merged with `<<`. @default false */
  readonly isMerged?: boolean;
}

/** An alias is the same node as its anchor, so a tree may contain a node twice. */
export type Node = ScalarNode | SequenceNode | MappingNode;
