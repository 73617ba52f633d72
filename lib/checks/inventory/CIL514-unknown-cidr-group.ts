import { cnp } from '../../admission/example';
import { writeValue } from '../../admission/fix';
import type { CidrGroup } from '../../model/inventory';
import { label, Labels } from '../../model/label';
import { pathTo } from '../../model/path';
import type { GroupSelector, Policy } from '../../model/policy';
import { CIDR_GROUP_NAME_KEY } from '../../net/label-keys';
import { placeholderIn, placeholdersIn } from '../../read/placeholders';
import { meets } from '../../resolve/matching';
import type { SetCheck } from '../check';
import { nearestText, Typos } from './typos';
import { isVagueAt } from './written-at';

const GROUP = `---
apiVersion: cilium.io/v2
kind: CiliumCIDRGroup
metadata:
  name: offices
spec:
  externalCIDRs:
    - 192.0.2.0/24
`;

const example = (name: string) => ({
  yaml:
    cnp(`
    endpointSelector: {}
    ingress:
      - fromCIDRSet:
          - cidrGroupRef: ${name}
  `).yaml + GROUP,
});

export const check: SetCheck = {
  code: 'CIL514',
  name: 'unknown-cidr-group',
  severity: 'warning',
  stage: 'inventory',
  summary: 'a CIDR group that is not given',
  why: 'A `cidrGroupRef` or a `cidrGroupSelector` that finds no CiliumCIDRGroup stands for no CIDR, so an allow rule opens nothing and a deny rule closes nothing. It is only informative if no name is close.',
  limits:
    'Not reported if no CiliumCIDRGroup is given at all, because they may be kept elsewhere, or if the name or a label of one is filled in later.',
  source: 'cilium `pkg/policy/api/cidr.go`',
  bad: example('ofices'),
  good: example('offices'),
  inspect({ policies, objects, judged }, report) {
    const verdicts = [...policies, ...objects].some(({ kind }) => kind === 'CiliumCIDRGroup') ? judged() : undefined;
    const groups = [...(verdicts?.inventory.groups.values() ?? [])];
    if (groups.length === 0 || groups.some(({ name, labels }) => placeholdersIn([name, labels]).length > 0)) {
      return;
    }
    const known = new KnownGroups(groups);
    for (const policy of verdicts!.policies) {
      for (const selector of groupsIn(policy).filter((one) => !known.has(one))) {
        report(
          policy.resource,
          known.missing(selector),
          selector.at,
          ...(nameOf(selector) === undefined ? ['cidrGroupSelector'] : ['cidrGroupRef']),
        );
      }
    }
  },
};

function groupsIn({ rules, resource }: Policy): readonly GroupSelector[] {
  const selectors = rules.flatMap(({ peers }) => (peers.is === 'selectors' ? peers.selectors : []));
  return selectors.flatMap((selector) =>
    selector.is === 'group' && selector.at !== undefined && !isVagueAt(resource, ...pathTo(selector.at)) ? [selector] : [],
  );
}

/** The name in a `cidrGroupRef`; `undefined` for a selector. */
function nameOf({ requirements }: GroupSelector): string | undefined {
  const name = requirements.find(({ key }) => key.startsWith(`${CIDR_GROUP_NAME_KEY}/`));
  return name?.key.slice(CIDR_GROUP_NAME_KEY.length + 1);
}

class KnownGroups {
  private readonly labels: readonly Labels[];
  private readonly names: readonly string[];
  private readonly typos: Typos;
  private readonly found = new Map<string, boolean>();

  public constructor(groups: readonly CidrGroup[]) {
    this.names = groups.map(({ name }) => name).filter((name) => placeholderIn(name) === undefined);
    this.typos = new Typos(this.names);
    this.labels = groups.map(({ name, labels }) => [
      label('cidrgroup', `${CIDR_GROUP_NAME_KEY}/${name}`),
      ...Object.entries(labels).map(([key, value]) => label('cidrgroup', key, value)),
    ]);
  }

  /** Whether a group is found, or may be: what only excludes is not asked. */
  public has({ key, requirements }: GroupSelector): boolean {
    const isAsking = requirements.some(({ operator }) => operator === 'In' || operator === 'Exists');
    const found =
      this.found.get(key) ??
      (!isAsking || this.labels.some((labels) => requirements.every((one) => meets({ ...one, source: 'any' }, labels))));
    this.found.set(key, found);
    return found;
  }

  public missing(selector: GroupSelector) {
    const name = nameOf(selector);
    if (name === undefined) {
      return { message: 'the selector matches no CiliumCIDRGroup that is given', severity: 'info' as const };
    }
    const [near] = this.typos.of(name);
    const guess = near ?? nearestText(name, this.names);
    return {
      message: `no CiliumCIDRGroup \`${name}\` is given`,
      ...(guess !== undefined && { help: `did you mean \`${guess}\`?` }),
      ...(near !== undefined ? { fix: writeValue(near, 'unsafe') } : { severity: 'info' as const }),
    };
  }
}
