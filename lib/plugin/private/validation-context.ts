/** What cdk8s passes to a validation plugin. jsii cannot use the types of the cdk8s command line, so the needed parts are repeated here. */
export interface ValidationContext {
  readonly manifests: readonly string[];
  readonly logger: { log(message: string): void };
  readonly report: {
    addViolation(violation: object): void;
    submit(status: 'success' | 'failure', metadata?: Readonly<Record<string, string>>): void;
  };
}
