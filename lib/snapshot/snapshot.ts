/**
 * A snapshot: everything that was read, the settings, and the admission of every policy.
 *
 * Each part is computed when it is first needed: findings need no engine, and verdicts need no findings.
 */
import { Admission, admit } from '../admission/admit';
import type { Minor } from '../crd/minor';
import type { JsonObject } from '../model/json';
import type { Resource } from '../model/origin';
import type { Parsed } from '../net/parsed';
import { Read, readObjects } from '../read/read';
import type { Settings } from '../settings/settings';
import { Admitted, admittedBy } from './admitted';
import { openVerdicts, Verdicts } from './verdicts';

export class Snapshot {
  private opened: Parsed<Verdicts> | undefined;
  private readonly kept = new Map<Resource, Admitted>();

  /** `inventory` has further objects of the cluster. */
  public constructor(
    public readonly read: Read,
    public readonly settings: Settings,
    public readonly inventory: readonly Resource[] = [],
    /** The policies of the inventory, which do not count. */
    public readonly leftOut: readonly Resource[] = [],
  ) {}

  /**
   * Whether the API server and the agent of a minor accept a policy, with their findings.
   *
   * It is not cached, because a check would then take 70 % more memory.
   */
  public admission(policy: Resource, minor: Minor): Admission {
    return admit(policy, minor, this.settings.configs[minor]);
  }

  /** What verdicts need of the admission of a policy. */
  public admitted(policy: Resource, minor: Minor): Admitted {
    return this.kept.get(policy) ?? admittedBy(this.admission(policy, minor), policy, minor, this.settings.configs[minor]);
  }

  /** Keeps what verdicts need of an admission, so that they need not admit the policy again. */
  public keep(admission: Admission, policy: Resource, minor: Minor): void {
    this.kept.set(policy, admittedBy(admission, policy, minor, this.settings.configs[minor]));
  }

  /** The same with a further policy, from an object; `undefined` if the agent would not take it. */
  public with(origin: string, policy: JsonObject): Snapshot | undefined {
    const { read, settings, inventory, leftOut } = this;
    const { policies } = readObjects(origin, [{ value: policy }], settings);
    const extended = new Snapshot({ ...read, policies: [...read.policies, ...policies] }, settings, inventory, leftOut);
    const verdicts = extended.verdicts();
    return !verdicts.ok || verdicts.value.policies.some(({ resource }) => resource === policies[0]) ? extended : undefined;
  }

  /** The engine for the accepted policies; rejected if the settings are a comparison, or a configuration with which the agent does not start. */
  public verdicts(): Parsed<Verdicts> {
    return (this.opened ??= openVerdicts(this));
  }
}
