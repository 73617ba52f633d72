/** The generated form of a schema: other parts are named by their places. */
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

/** The keywords that Cilium's CRDs use, but for those that name other schemas. */
export interface Keywords {
  readonly type?: string;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  /** A regular expression of RE2. */
  readonly pattern?: string;
  readonly format?: string;
  /** In characters. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: string;
  /** Of these fields exactly one is present. */
  readonly oneOf?: readonly string[];
  /** Of these fields one at least is present. */
  readonly anyOf?: readonly string[];
  /** No item stands twice. */
  readonly unique?: boolean;
  /** The fields by which items differ. */
  readonly keys?: readonly string[];
  /** Rules in CEL. */
  readonly rules?: readonly { readonly rule: string; readonly message: string }[];
}
