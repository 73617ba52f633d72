/** The origin of an object or a value in the input. Lines and columns are looked up only when they are printed. */
import type { JsonObject } from './json';
import type { Path } from './path';

/** A file, standard input, or objects without a text. */
export interface Source {
  /** The path as the user wrote it, `-` for standard input, or a description of objects that are not in a file. */
  readonly name: string;
  readonly text?: string;
  /** Why the text could not be read. */
  readonly problem?: string;
  /** Whether it is a folder that was passed over, because of its name or because it is a link. @default false */
  readonly isSkipped?: boolean;
  /** What excludes the file or folder, for example `--exclude vendor/` or `.gitignore:3`; it was not read. @default - it is not excluded */
  readonly excludedBy?: string;
  /** Whether a settings file that was found excludes it, and not the user: the file may be a stranger's. @default false */
  readonly isExcludedUnasked?: boolean;
  /** The real path of the file, which a fix may write; absent if a link leads to the file. */
  readonly file?: string;
  /** Whether findings tell only their places and quote nothing, because a link leads out of what the user has given. @default false */
  readonly isPrivate?: boolean;
  /** Whether it belongs to the inventory: findings about it tell only their places, because a settings file may name any file as one. @default false */
  readonly isInventory?: boolean;
}

/** One document of a source. */
export interface Document {
  readonly source: Source;
  /** The index of the document in its source, from 0. */
  readonly index: number;
  /** Where the document begins and ends in the text of its source; both are 0 if there is no text. */
  readonly start: number;
  readonly end: number;
  /** Whether it is a value in a series of JSON values, and not YAML. @default false */
  readonly isJson?: boolean;
  /** Looks up places in the text; absent for objects without a text. */
  readonly places?: Places;
}

/** Looks up the places of origins in their texts. Each run has its own. */
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
  /** The offset of the first character in the text of the source, from 0. */
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

/** Whether a link leads to it, out of what the user has given. */
export function isBehindLink({ document }: Pick<Origin, 'document'>): boolean {
  return document.source.isPrivate === true;
}

/** Whether reports may name only the place, and quote nothing. */
export function isPrivate(origin: Pick<Origin, 'document'>): boolean {
  return isBehindLink(origin) || origin.document.source.isInventory === true;
}

/** An object of a document: the document itself, or an item of a list. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  /** As written, or the default namespace; absent for an object that is not namespaced. */
  readonly namespace?: string;
  /** Whether nobody names the namespace: neither the object, nor a kustomization, nor the user. @default false */
  readonly hasAssumedNamespace?: true;
  /** Empty if the object has no name. */
  readonly name: string;
  readonly value: JsonObject;
  readonly document: Document;
  /** The path of the object in its document: `items` and an index for an item of a list. */
  readonly at: Path;
  /** The construct that created the object. */
  readonly constructPath?: string;
}

/** What a finding refers to. */
export interface Origin {
  readonly document: Document;
  readonly resource?: Resource;
  /** The path in the resource, or in the document if there is no resource. */
  readonly path: Path;
  /** Whether the finding refers to the key at the end of the path, and not to its value. */
  readonly onKey?: boolean;
  /** The range in the text of the source, if there is no path. */
  readonly range?: Range;
}
