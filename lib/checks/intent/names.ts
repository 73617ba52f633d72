/** The names and patterns of a policy. */
import { serverNameParts, l7Parts } from '../../admission/written/written';
import { asText } from '../../model/json';
import { below, PathLink } from '../../model/path';
import type { ObjectPart, WrittenPolicy, WrittenTierPolicy } from '../../model/written';

export interface WrittenName {
  /** As written. */
  readonly text: string;
  /** `toFQDNs`, a rule for look-ups, the server name of TLS, or `domainNames` of a ClusterNetworkPolicy. */
  readonly of: 'toFQDNs' | 'dns' | 'serverNames' | 'domainNames';
  readonly at: PathLink;
}

/** The names and patterns of destinations, of look-ups and of TLS servers. */
export function namesIn(policy: WrittenPolicy): readonly WrittenName[] {
  const known = KNOWN.get(policy) ?? found(policy);
  KNOWN.set(policy, known);
  return known;
}

/** Several checks ask for the same. */
const KNOWN = new WeakMap<WrittenPolicy, readonly WrittenName[]>();

function found({ specs }: WrittenPolicy): readonly WrittenName[] {
  return specs
    .flatMap(({ rules }) => rules)
    .flatMap(({ fqdns, portRules }) => [
      ...fqdns.flatMap((part) => namesOf(part, 'toFQDNs')),
      ...portRules.flatMap((part) => [
        ...l7Parts(part, 'dns').flatMap((rule) => namesOf(rule, 'dns')),
        ...serverNameParts(part).map(({ text, at }): WrittenName => ({ text, of: 'serverNames', at })),
      ]),
    ]);
}

/** The names and patterns of destinations. */
export function domainNamesIn({ rules }: WrittenTierPolicy): readonly WrittenName[] {
  return rules
    .flatMap(({ peers }) => peers)
    .flatMap(({ domainNames = [] }) => domainNames.map(({ text, at }): WrittenName => ({ text, of: 'domainNames', at })));
}

function namesOf({ value, at }: ObjectPart, of: WrittenName['of']): readonly WrittenName[] {
  return ['matchName', 'matchPattern']
    .map((field): WrittenName => ({ text: asText(value[field]), of, at: below(at, field) }))
    .filter(({ text }) => text !== '');
}
