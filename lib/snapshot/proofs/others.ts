/** All that are not in a set, as peers of rules. */
import type { WrittenEnd } from '../../model/flow';
import { asList, asObject, asText, JsonObject } from '../../model/json';
import type { EndPart, EndSet } from '../../model/property';
import { NAMESPACE_KEY } from '../../net/label-keys';
import { endpointSelector } from './end-sets';

/** Peers that an end is one of, and that are all not in a set; `undefined` if they cannot be told so. */
export function othersLike(written: WrittenEnd, set: EndSet): JsonObject | undefined {
  switch (written.is) {
    case 'entity':
      return written.name === 'world' ? outsideOf(set) : ofEntity(written);
    case 'node':
      return ofEntity(written);
    case 'ip':
    case 'fqdn':
      return outsideOf(set);
    case 'pod':
    case 'labels':
      return podsOutside(set);
    case 'service':
      return undefined;
  }
}

/** A node as others see it, or an entity. */
export function ofEntity(written: Extract<WrittenEnd, { is: 'node' | 'entity' }>): JsonObject {
  return { fromEntities: [written.is === 'node' ? 'remote-node' : written.name] };
}

/** The world without the CIDRs of a set. An address of a name may be anywhere. */
function outsideOf(set: EndSet): JsonObject | undefined {
  const cidrs = set.flatMap((part) => (part.is === 'cidrs' ? part.texts : []));
  if (set.some(({ is }) => is === 'names')) {
    return undefined;
  }
  const block = (cidr: string, except: readonly string[]) => ({ cidr, ...(except.length > 0 && { except }) });
  const [v4, v6] = [cidrs.filter((one) => !one.includes(':')), cidrs.filter((one) => one.includes(':'))];
  return cidrs.length === 0 ? { fromEntities: ['world'] } : { fromCIDRSet: [block('0.0.0.0/0', v4), block('::/0', v6)] };
}

/** The most selectors that stand for the pods outside of a set. */
const MOST_SELECTORS = 12;

/** Each part of the set must not be fulfilled, so one of its requirements must not be: one selector for each choice of them. */
function podsOutside(set: EndSet): JsonObject | undefined {
  const parts = set.flatMap((part) => (part.is === 'pods' ? [requirementsOf(part)] : []));
  if (parts.reduce((product, one) => product * one.length, 1) > MOST_SELECTORS || parts.some((one) => one.length === 0)) {
    return undefined;
  }
  let chosen: readonly (readonly JsonObject[])[] = [[]];
  for (const part of parts) {
    chosen = chosen.flatMap((own) => part.map((requirement) => [...own, opposite(requirement)]));
  }
  // Without it, entities have none of the labels either.
  const isPod = { key: `k8s:${NAMESPACE_KEY}`, operator: 'Exists' };
  return { fromEndpoints: chosen.map((own) => ({ matchExpressions: [isPod, ...own] })) };
}

function requirementsOf(part: Extract<EndPart, { is: 'pods' }>): readonly JsonObject[] {
  const { matchLabels, matchExpressions } = endpointSelector(part);
  const equal = Object.entries(asObject(matchLabels)).map(([key, value]) => ({ key, operator: 'In', values: [asText(value)] }));
  return [...equal, ...asList(matchExpressions).map(asObject)];
}

const OPPOSITES: Readonly<Record<string, string>> = { In: 'NotIn', NotIn: 'In', Exists: 'DoesNotExist', DoesNotExist: 'Exists' };

function opposite({ operator, ...others }: JsonObject): JsonObject {
  return { ...others, operator: OPPOSITES[asText(operator)] };
}
