/**
 * Everything opened: what was read, under settings, with what a cluster says of every policy. All ways into the tool stand on it.
 *
 * Each part is computed when it is first asked for: findings need no engine, and verdicts no findings.
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

  /** `inventory` holds further objects of the cluster. */
  public constructor(
    public readonly read: Read,
    public readonly settings: Settings,
    public readonly inventory: readonly Resource[] = [],
  ) {}

  /** What the API server and the agent of a minor say of a policy. */
  public admission(policy: Resource, minor: Minor): Admission {
    const known = this.admissions.get(minor) ?? new Map<Resource, Admission>();
    this.admissions.set(minor, known);
    const admission = known.get(policy) ?? admit(policy, minor, this.settings.config);
    known.set(policy, admission);
    return admission;
  }

  /** The engine over the accepted policies; refused if the settings are a comparison or a configuration that no agent starts with. */
  public verdicts(): Parsed<Verdicts> {
    return (this.opened ??= openVerdicts(this));
  }
}
