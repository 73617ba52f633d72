/**
 * A snapshot: everything that was read, the settings, and the admission of every policy. Every entry point of the tool uses it.
 *
 * Each part is computed when it is first needed: findings need no engine, and verdicts need no findings.
 */
import { Admission, admit } from '../admission/admit';
import type { Minor } from '../crd/minor';
import type { Resource } from '../model/origin';
import type { Parsed } from '../net/parsed';
import type { Read } from '../read/read';
import type { Settings } from '../settings/settings';
import { openVerdicts, Verdicts } from './verdicts';

export class Snapshot {
  private readonly admissions = new Map<Minor, Map<Resource, Admission>>();
  private opened: Parsed<Verdicts> | undefined;

  /** `inventory` has further objects of the cluster. */
  public constructor(
    public readonly read: Read,
    public readonly settings: Settings,
    public readonly inventory: readonly Resource[] = [],
  ) {}

  /** Whether the API server and the agent of a minor accept a policy, with their findings. */
  public admission(policy: Resource, minor: Minor): Admission {
    const known = this.admissions.get(minor) ?? new Map<Resource, Admission>();
    this.admissions.set(minor, known);
    const admission = known.get(policy) ?? admit(policy, minor, this.settings.config);
    known.set(policy, admission);
    return admission;
  }

  /** The engine for the accepted policies; rejected if the settings are a comparison, or a configuration with which the agent does not start. */
  public verdicts(): Parsed<Verdicts> {
    return (this.opened ??= openVerdicts(this));
  }
}
