/** Where something was written. Lines and columns are looked up only when they are printed. */
import type { JsonObject } from './json';
import type { Path } from './path';

/** A text as it was given: a file, or standard input; or objects that never were text. */
export interface Source {
  /** Its path as the user wrote it, `-` for standard input, or a word for what is no file. */
  readonly name: string;
  readonly text?: string;
  /** Why it has no text that could be read. */
  readonly problem?: string;
}

/** One document of a source. */
export interface Document {
  readonly source: Source;
  /** Which of the source, from 0. */
  readonly index: number;
  /** Where its text begins and ends in that of the source; both 0 where there is none. */
  readonly start: number;
  readonly end: number;
  /** Looks up places in its text; absent for objects that never were text. */
  readonly places?: Places;
}

/** Looks up where origins are in their texts. Each run has one of its own. */
export interface Places {
  /** `undefined` if there is no text. */
  placeOf(origin: Origin): Place | undefined;
}

/** Lines and columns count from 1; columns are UTF-16 code units, and the end is exclusive. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Of the first character in the text of the source, from 0. */
  readonly offset: number;
}

/** Offsets into the text of a source; the end is exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The lines and columns of an origin; `undefined` if there is no text. */
export function placeOf(origin: Origin): Place | undefined {
  return origin.document.places?.placeOf(origin);
}

/** An object of a document: the document itself, or an item of a list. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  /** As written, or the one that is taken where none is; absent for what is in none. */
  readonly namespace?: string;
  /** Empty where it has none. */
  readonly name: string;
  readonly value: JsonObject;
  readonly document: Document;
  /** Where the object is in its document: `items` and a number for an item of a list. */
  readonly at: Path;
  /** The construct that made it. */
  readonly constructPath?: string;
}

/** The place of a finding. */
export interface Origin {
  readonly document: Document;
  readonly resource?: Resource;
  /** In the resource, or in the document where there is none. */
  readonly path: Path;
  /** Whether it is about the key at the end of the path, and not about its value. */
  readonly onKey?: boolean;
  /** In the text of the source, if no path leads there. */
  readonly range?: Range;
}
