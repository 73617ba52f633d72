/** What to know before relying on a verdict. */
export interface PolicyWarning {
  /** The kind of the warning, for example `dropped` or `counted-twice`. */
  readonly code: string;
  /** The warning in words. */
  readonly message: string;
  /**
   * The object that it is about, as `Kind/namespace/name`.
   *
   * @default - it is about none, or about several
   */
  readonly resource?: string;
}
