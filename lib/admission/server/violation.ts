import type { Path } from '../../model/path';

/** A reason why the API server rejects an object, with the path of the value that is wrong. */
export type Violation =
  | { readonly is: 'type'; readonly path: Path; readonly expected: string; readonly found: unknown }
  | { readonly is: 'required'; readonly path: Path; readonly field: string; readonly isNull: boolean }
  | { readonly is: 'enum'; readonly path: Path; readonly found: string; readonly allowed: readonly string[] }
  | { readonly is: 'pattern'; readonly path: Path; readonly found: string; readonly pattern: string }
  | { readonly is: 'format'; readonly path: Path; readonly found: string; readonly format: string }
  | { readonly is: 'length'; readonly path: Path; readonly length: number; readonly least: number; readonly most: number }
  | { readonly is: 'range'; readonly path: Path; readonly found: number; readonly least: number; readonly most: number }
  | {
      readonly is: 'items';
      readonly path: Path;
      readonly count: number;
      readonly least: number;
      readonly most: number;
      readonly help?: string;
    }
  | { readonly is: 'duplicate'; readonly path: Path; readonly found: unknown }
  /** None or several of a group of fields of which exactly one, or at least one, is required. */
  | {
      readonly is: 'alternatives';
      readonly path: Path;
      readonly fields: readonly string[];
      readonly found: readonly string[];
      /** The fields that are null, and so count as absent. */
      readonly nulls: readonly string[];
      readonly isExclusive: boolean;
      /** Whether the CRD limits the number of fields, and does not name the alternatives. @default false */
      readonly isOfCount?: boolean;
    }
  /** A CEL rule of the CRD that a value breaks. */
  | { readonly is: 'rule'; readonly path: Path; readonly rule: string; readonly message: string; readonly found: unknown }
  | {
      readonly is: 'metadata';
      readonly path: Path;
      readonly problem: string;
      readonly help?: string;
      /** Whether the API server then evaluates no CEL rules. @default false */
      readonly blocksRules?: boolean;
    }
  /** A string that a parser rejects. */
  | { readonly is: 'text'; readonly path: Path; readonly problem: string; readonly help?: string }
  /** An `except` prefix that is not a part of its CIDR. */
  | { readonly is: 'outside'; readonly path: Path; readonly found: string; readonly block: string }
  /** An `endPort` without a `port`, or beside the name of one. */
  | { readonly is: 'range-without-number'; readonly path: Path; readonly name?: string }
  /** An object of more bytes than etcd, or a request, takes. */
  | { readonly is: 'size'; readonly path: Path; readonly size: number; readonly most: number; readonly isRequest: boolean };

/** A CIDR that Kubernetes rejects since 1.36, and accepts before. */
export interface Doubt {
  readonly is: 'doubt';
  readonly path: Path;
  readonly found: string;
  /** What is wrong with it, for example `has leading zeros`. */
  readonly problem: string;
  /** What to write instead. */
  readonly help: string;
  /** The CIDR that earlier versions take it for. */
  readonly meant: string;
}

/** A field that the CRD has only in its experimental channel. */
export interface Experimental {
  readonly is: 'experimental';
  readonly path: Path;
}

/** The name of a schema type in messages. */
export function typeWord(type: string): string {
  return WORDS[type] ?? `of type ${type}`;
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'an integer',
  int32: 'an integer of 32 bits',
  boolean: 'a boolean',
  object: 'a mapping',
  array: 'a list',
  'integer or string': 'an integer or a string',
  'date-time': 'a time, for example `2030-01-31T12:00:00Z`',
};
