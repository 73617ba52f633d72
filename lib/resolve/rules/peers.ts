/** Reads the peers of a rule. Source: cilium `pkg/policy/utils/parserules.go`, mergeEndpointSelectors, and `pkg/policy/api/cidr.go`. */
import { sha224 } from 'js-sha256';
import { isSince, Minor } from '../../crd/minor';
import { Conditions, everyIdentity } from '../../model/conditions';
import { asList, asObject, asText, isObject } from '../../model/json';
import type {
  BlockSelector,
  CloudGroup,
  GroupSelector,
  LabelSelector,
  NameSelector,
  Peers,
  Selector,
  ServiceRef,
} from '../../model/policy';
import type { Scope } from '../../model/scope';
import type { CidrRulePart, RulePart, ObjectPart, SelectorPart, ServicePart } from '../../model/written';
import { parseAddress } from '../../net/address';
import { CIDR_GROUP_NAME_KEY } from '../../net/label-keys';
import { parsePrefix, Prefix, singleBlock } from '../../net/prefix';
import { entitySelectors } from './entities';
import { peerEndpoints, peerNodes } from './selector';
import { patternOf } from './traffic';

/** The peers of a rule. An empty list of FQDNs, services or cloud groups counts as absent. */
export function peersOf(rule: RulePart, scope: Scope): Peers {
  const { minor } = scope;
  const lists = [
    rule.endpoints?.map((part) => [peerEndpoints(part, rule.spec.endpointSelector, scope)]),
    rule.nodes?.map((part) => [peerNodes(part, scope)]),
    rule.entities?.map((part) => entitySelectors(part, scope)),
    rule.cidrs?.map(({ text, at }) => [blockOf({ cidr: text, group: '', except: [], at }, 'list', minor)]),
    rule.cidrRules?.map((part) => [blockOf(part, 'set', minor)]),
  ];
  const names = rule.fqdns.map(nameOf);
  const selectors: Selector[] = [...lists.flatMap((list) => list?.flat() ?? []), ...names];
  const [endpoints, nodes, entities, blocks, sets] = lists.map((list) => list?.length === 0);
  // Up to 1.18, an empty list of entities or CIDRs counts as absent if the rule has FQDNs.
  const areBlocksCounted = isSince(minor, '1.19') || names.length === 0;
  if (nodes || (areBlocksCounted && (entities || blocks))) {
    return { is: 'none', beside: selectors };
  }
  if (rule.services.length > 0) {
    const emptied = [...(endpoints ? (['labels'] as const) : []), ...(sets ? (['block'] as const) : [])];
    return { is: 'services', refs: rule.services.map((part) => serviceOf(part, minor)), emptied };
  }
  if (endpoints || (areBlocksCounted && sets)) {
    return { is: 'none', beside: selectors };
  }
  if (rule.groups.length > 0) {
    return { is: 'groups', groups: rule.groups.map((part) => cloudGroup(part, minor)) };
  }
  return selectors.length === 0 ? { is: 'any' } : { is: 'selectors', selectors };
}

/**
 * A CIDR, or the CIDRs of groups.
 *
 * `key` is equal for CIDRs that are one selector to Cilium: CIDRs with the same text or, up to 1.18, with the same masked prefix and field.
 */
export function blockOf(part: CidrRulePart, field: 'list' | 'set', minor: Minor): BlockSelector | GroupSelector | LabelSelector {
  const { cidr, group, selector, at } = part;
  const except = part.except.flatMap(({ text }) => prefixOf(text));
  const holes = part.except.length > 0 ? `-[${part.except.map(({ text }) => text).join()}]` : '';
  if (group !== '') {
    const key = `${CIDR_GROUP_NAME_KEY}/${group}`;
    return {
      is: 'group',
      key: `cidrgroup:${key}${holes}`,
      requirements: [{ source: 'cidrgroup', key, operator: 'Exists', values: [] }],
      except,
      at,
    };
  }
  if (selector !== undefined) {
    const requirements = new Conditions(minor).addWritten(selector, 'cidrgroup').requirements();
    // A selector without requirements has the same text as the selector of every identity, so it is the same to Cilium.
    return requirements.length + except.length === 0
      ? { ...everyIdentity(minor, at), isOfGroups: true }
      : { is: 'group', key: `groups:${JSON.stringify(requirements)}${holes}`, requirements, except, at };
  }
  const [block = EVERYTHING] = prefixOf(cidr);
  const key = isSince(minor, '1.19') ? `cidr:${cidr}${holes}` : `${field}:${block.version}/${block.first}/${block.length}${holes}`;
  return { is: 'block', key, block, field, except, at };
}

const EVERYTHING: Prefix = { version: 4, first: 0n, length: 0 };

/**
 * Since 1.19, the agent reads an address without a length as a prefix of one address. This can only be in a NetworkPolicy, where Kubernetes
 * rejects it.
 */
function prefixOf(text: string): Prefix[] {
  const [parsed, address] = [parsePrefix(text), parseAddress(text)];
  if (parsed.ok) {
    return [parsed.value];
  }
  return address === undefined ? [] : [singleBlock(address)];
}

function nameOf({ value, at }: ObjectPart): NameSelector {
  const pattern = patternOf(value);
  return { is: 'name', key: `${asText(value.matchName) === '' ? 'pattern' : 'name'}:${pattern}`, pattern, at };
}

/** A selector takes precedence over a name. */
function serviceOf({ value: { k8sService, k8sServiceSelector }, selector }: ServicePart, minor: Minor): ServiceRef {
  if (isObject(k8sServiceSelector)) {
    const isEmpty = Object.keys(asObject(k8sServiceSelector.selector)).length === 0;
    if (!isSince(minor, '1.19') && (isEmpty || hasSources(selector))) {
      // Up to 1.18, an empty selector selects nothing, and neither does a selector with a key that has a source.
      return { is: 'none' };
    }
    const requirements = new Conditions(minor).addWritten(selector).requirements();
    return { is: 'selector', requirements, namespace: asText(k8sServiceSelector.namespace) };
  }
  if (!isObject(k8sService)) {
    return { is: 'none' };
  }
  const { serviceName, namespace } = k8sService;
  return { is: 'name', name: asText(serviceName), namespace: asText(namespace) };
}

function hasSources(selector: SelectorPart | undefined): boolean {
  const keys = [...(selector?.labels ?? []).map(([key]) => key), ...(selector?.expressions ?? []).map(({ key }) => key)];
  return keys.some((key) => /[:$]/.test(key));
}

/** The name and the selector of a cloud group, from a hash of its JSON as Go writes it. Source: cilium 1.20 `pkg/policy/api/groups.go`, Hash. */
function cloudGroup({ value: { aws }, at }: ObjectPart, minor: Minor): CloudGroup {
  const { labels, securityGroupsIds, securityGroupsNames, region } = asObject(aws);
  const [ids, names] = [asList(securityGroupsIds).map(asText), asList(securityGroupsNames).map(asText)];
  const sorted = Object.entries(asObject(labels)).sort(([a], [b]) => (a < b ? -1 : 1));
  const written = {
    ...(sorted.length > 0 && { labels: Object.fromEntries(sorted) }),
    ...(ids.length > 0 && { securityGroupsIds: ids }),
    ...(names.length > 0 && { securityGroupsNames: names }),
    ...(asText(region) !== '' && { region: asText(region) }),
  };
  const json = JSON.stringify(isObject(aws) ? { aws: written } : {}).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  // The format of Go's `base64.RawURLEncoding`.
  const hash = btoa(String.fromCharCode(...sha224.array(json)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  const selector = new Conditions(minor).equals(`cidrgroup:extgrp.cilium.io/${hash}`, '').selector(at);
  return { name: [...ids, ...names].join(', ') || 'of AWS', selector };
}
