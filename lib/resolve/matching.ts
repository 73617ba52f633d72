/** Which identities a selector selects. Source: cilium `pkg/policy/types/{selector,requirements}.go` and `pkg/labels/array.go`. */
import { isSince } from '../crd/minor';
import { hasLabel, Label, Labels } from '../model/label';
import type { BlockSelector, GroupSelector, Requirement, Selector } from '../model/policy';
import { contains, parsePrefix, Prefix } from '../net/prefix';
import { PrefixMap } from '../net/prefix-map';
import type { Agent } from './agent';
import { worldKey, WORLD_KEYS } from './labels';

export function selects(selector: Selector, labels: Labels, agent: Agent): boolean {
  switch (selector.is) {
    case 'labels':
      return selector.requirements.every((requirement) => meets(requirement, labels));
    case 'name':
      return hasLabel(labels, 'fqdn', selector.pattern);
    case 'block':
      return canMatchBlocks(labels, agent) && isInBlock(selector, labels, agent) && isOutside(selector, labels, agent);
    case 'group':
      return canMatchBlocks(labels, agent) && isOfGroup(selector, labels, agent) && isOutside(selector, labels, agent);
  }
}

/**
 * Lists of labels, as a key or `key=value`: an identity that is selected has one label of each list. Without any list, any identity may be selected.
 */
export function requiredLabels(selector: Selector): readonly (readonly string[])[] {
  if (selector.is === 'name') {
    return [[selector.pattern]];
  }
  const required = selector.is === 'labels' ? selector.requirements.filter(isFoundByLabel) : [];
  return required.map(({ key, operator, values }) =>
    operator === 'Exists' ? [key] : [...new Set(values)].map((value) => `${key}=${value}`),
  );
}

/** Whether only identities with a label fulfil a requirement: CIDRs are found by address, and aggregates by the identities that they stand for. */
export function isFoundByLabel({ source, key, operator }: Requirement): boolean {
  return source !== 'cidr' && !key.startsWith('aggregate-') && (operator === 'In' || operator === 'Exists');
}

/** Whether labels fulfil a requirement. A missing key fulfils `NotIn` and `DoesNotExist`. */
export function meets({ source, key, operator, values }: Requirement, labels: Labels): boolean {
  const found = find(source, key, labels);
  switch (operator) {
    case 'In':
      return found !== undefined && values.includes(found.value);
    case 'NotIn':
      return found === undefined || !values.includes(found.value);
    case 'Exists':
      return found !== undefined;
    case 'DoesNotExist':
      return found === undefined;
  }
}

/** The first label with the key. A CIDR label is also found by a CIDR that contains it. */
function find(source: string, key: string, labels: Labels): Label | undefined {
  if (source === 'cidr') {
    const block = parsePrefix(key.replaceAll('-', ':'));
    return block.ok ? labels.find((label) => isWithin(label, block.value)) : undefined;
  }
  return labels.find((label) => label.key === key && (source === 'any' || label.source === source));
}

function isWithin({ block }: Label, outer: Prefix): boolean {
  return block !== undefined && contains(outer, block);
}

/** CIDRs match labels, not addresses: pods and nodes have CIDR labels only if `policy-cidr-match-mode` says so. */
function canMatchBlocks(labels: Labels, { minor, blocksMatchNodes, blocksMatchPods }: Agent): boolean {
  if (!isSince(minor, '1.20')) {
    return true;
  }
  // Cilium looks at the keys of the labels, not at their sources.
  const isNode = labels.some(({ key }) => key === 'host' || key === 'remote-node');
  const isWorld = labels.some(({ key }) => WORLD_KEYS.includes(key));
  return isWorld || (isNode ? blocksMatchNodes : blocksMatchPods);
}

/** Up to 1.18 a CIDR of length 0 is a CIDR like others, and selects the world too: always in a CIDR set, otherwise only for a family that is on. */
function isInBlock({ block, field }: BlockSelector, labels: Labels, agent: Agent): boolean {
  const isWorldMeant = field === 'set' || hasFamily(block, agent);
  const isOld = !isSince(agent.minor, '1.19') && block.length === 0;
  return isIn(block, labels, agent) || (isOld && isWorldMeant && hasLabel(labels, 'reserved', worldKey(block.version, agent)));
}

/** Whether the identity belongs to an address in the CIDR. For a CIDR of length 0 the label of the world decides. */
function isIn(block: Prefix, labels: Labels, agent: Agent): boolean {
  if (block.length > 0 || !isSince(agent.minor, '1.19')) {
    return labels.some((label) => isWithin(label, block));
  }
  return hasLabel(labels, 'reserved', worldKey(block.version, agent)) || isEverywhere(block, labels, agent);
}

/** If CIDRs match pods, a CIDR of length 0 matches every pod that has an address. */
function isEverywhere({ version }: Prefix, labels: Labels, agent: Agent): boolean {
  const isBoth = worldKey(version, agent) === 'world';
  return (
    agent.blocksMatchPods &&
    labels.some(({ block }) => block !== undefined && (block.version === version || isBoth) && hasFamily(block, agent))
  );
}

function hasFamily({ version }: Prefix, { hasIPv4, hasIPv6 }: Agent): boolean {
  return version === 4 ? hasIPv4 : hasIPv6;
}

/** Whether the identity is in none of the `except` prefixes. If CIDRs match pods, an `except` prefix of length 0 does not exclude them. */
function isOutside({ except }: BlockSelector | GroupSelector, labels: Labels, agent: Agent): boolean {
  return holesAround(except, labels).every(
    (hole) => !isIn(hole, labels, agent) || (hole.length === 0 && isEverywhere(hole, labels, agent)),
  );
}

/** The prefixes that labels may be in. */
function holesAround(except: readonly Prefix[], labels: Labels): readonly Prefix[] {
  if (except.length < FEW) {
    return except;
  }
  const holes = HOLES.get(except) ?? holesOf(except);
  HOLES.set(except, holes);
  return [...holes.whole, ...labels.flatMap(({ block }) => (block === undefined ? [] : holes.others.around(block)))];
}

/** Few are faster to try one by one. */
const FEW = 8;

/** The label of the world is in a prefix of length 0 too. */
function holesOf(except: readonly Prefix[]): Holes {
  const others = new PrefixMap<Prefix>();
  except.forEach((hole) => others.set(hole, hole));
  return { whole: except.filter(({ length }) => length === 0), others };
}

interface Holes {
  readonly whole: readonly Prefix[];
  readonly others: PrefixMap<Prefix>;
}

/** The same list is asked for every peer. */
const HOLES = new WeakMap<readonly Prefix[], Holes>();

/** From 1.19 on the value is part of the key, because an address can belong to several groups. */
function isOfGroup({ requirements }: GroupSelector, labels: Labels, { minor }: Agent): boolean {
  const isEncoded = isSince(minor, '1.19');
  return requirements.every((requirement) => {
    const { source, key, operator, values } = requirement;
    if (!isEncoded || operator === 'Exists' || operator === 'DoesNotExist') {
      return meets(requirement, labels);
    }
    const isThere = values.some((value) => find(source, encoded(key, value), labels) !== undefined);
    return operator === 'In' ? isThere : !isThere;
  });
}

/** The key of a CiliumCIDRGroup's label with the value in it. */
export function encoded(key: string, value: string): string {
  return `${key}+${value}`;
}
