/** A document as a tree, each part with its place: offsets into the text, the end exclusive. */
import type { Scalar } from './scalar';

interface Placed {
  readonly start: number;
  readonly end: number;
}

export interface ScalarNode extends Placed {
  readonly is: 'scalar';
  readonly value: Scalar;
  /** As written, without its quotes. */
  readonly text: string;
}

export interface SequenceNode extends Placed {
  readonly is: 'sequence';
  readonly items: readonly Node[];
}

export interface MappingNode extends Placed {
  readonly is: 'mapping';
  /** In the order of the text; of a key that stands twice, the last counts. */
  readonly entries: readonly Entry[];
}

export interface Entry {
  /** As the tools write it in JSON. */
  readonly name: string;
  readonly key: Node;
  readonly value: Node;
}

/** An alias is the node that its anchor names: a tree may hold one node twice. */
export type Node = ScalarNode | SequenceNode | MappingNode;
