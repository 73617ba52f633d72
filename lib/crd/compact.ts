/** The generated form of a schema. A number is the index of another part. */
export interface CompactSchema extends Keywords {
  readonly properties?: Readonly<Record<string, number>>;
  readonly values?: number;
  readonly items?: number;
}

export interface CompactResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly schema: number;
}

/** The keywords that the CRDs use, except those that contain other schemas. */
export interface Keywords {
  readonly type?: string;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  /** A regular expression in RE2 syntax. */
  readonly pattern?: string;
  readonly format?: string;
  /** The lengths are in characters. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: string;
  /** Exactly one of these fields must be present. */
  readonly oneOf?: readonly string[];
  /** At least one of these fields must be present. */
  readonly anyOf?: readonly string[];
  /** Items must be unique. */
  readonly unique?: boolean;
  /** The fields that identify an item; no two items have the same values. */
  readonly keys?: readonly string[];
  /** CEL validation rules. */
  readonly rules?: readonly { readonly rule: string; readonly message: string }[];
  /** Whether the CRD of the standard channel does not have the field. */
  readonly isExperimental?: boolean;
}
