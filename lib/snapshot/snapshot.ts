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
  private opened: Parsed<Verdicts> | undefined;

  /** `inventory` holds further objects of the cluster. */
  public constructor(
    public readonly read: Read,
    public readonly settings: Settings,
    public readonly inventory: readonly Resource[] = [],
  ) {}

  /** What the API server and the agent of a minor say of a policy. It is not kept: of ten thousand policies that would double the memory. */
  public admission(policy: Resource, minor: Minor): Admission {
    return admit(policy, minor, this.settings.config);
  }

  /** The engine over the accepted policies; refused if the settings are a comparison, or a configuration that no agent starts with. */
  public verdicts(): Parsed<Verdicts> {
    return (this.opened ??= openVerdicts(this));
  }
}
