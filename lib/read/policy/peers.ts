/** The other side of a rule. Source: cilium `pkg/policy/utils/parserules.go`, mergeEndpointSelectors, and `pkg/policy/api/cidr.go`. */
import { createHash } from 'node:crypto';
import { isSince, Minor } from '../../crd/minor';
import { Conditions, everybody, requirementsIn } from '../../model/conditions';
import { asList, asObject, asText, isObject, JsonObject } from '../../model/json';
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
import { parseAddress, singleBlock } from '../../net/address';
import { CIDR_GROUP_NAME_KEY } from '../../net/label-keys';
import { parsePrefix, Prefix } from '../../net/prefix';
import { entitySelectors } from './entities';
import { peerEndpoints, peerNodes } from './selector';
import { patternOf } from './traffic';

/** The peers of an entry; `side` is how its fields begin. An empty list of names, services or cloud groups counts as absent. */
export function peersOf(entry: JsonObject, side: 'from' | 'to', subject: unknown, scope: Scope): Peers {
  const of = (field: string) => (entry[`${side}${field}`] === undefined ? undefined : asList(entry[`${side}${field}`]));
  const lists = [
    of('Endpoints')?.map((value) => [peerEndpoints(value, subject, scope)]),
    of('Nodes')?.map((value) => [peerNodes(value, scope)]),
    of('Entities')?.map((value) => entitySelectors(asText(value), scope)),
    of('CIDR')?.map((value) => [blockOf({ cidr: value }, 'list', scope.minor)]),
    of('CIDRSet')?.map((value) => [blockOf(asObject(value), 'set', scope.minor)]),
  ];
  const isEgress = side === 'to';
  const names = ((isEgress ? of('FQDNs') : undefined) ?? []).map((value) => nameOf(asObject(value)));
  const selectors: Selector[] = [...lists.flatMap((list) => list?.flat() ?? []), ...names];
  const [services, groups] = [(isEgress ? of('Services') : undefined) ?? [], of('Groups') ?? []];
  const [endpoints, nodes, entities, blocks, sets] = lists.map((list) => list?.length === 0);
  // Up to 1.18 an empty list of entities or blocks counts for nothing beside names.
  const areBlocksCounted = isSince(scope.minor, '1.19') || names.length === 0;
  if (nodes || (areBlocksCounted && (entities || blocks))) {
    return { is: 'none', beside: selectors };
  }
  if (services.length > 0) {
    const emptied = [...(endpoints ? (['labels'] as const) : []), ...(sets ? (['block'] as const) : [])];
    return { is: 'services', refs: services.map((value) => serviceOf(asObject(value), scope)), emptied };
  }
  if (endpoints || (areBlocksCounted && sets)) {
    return { is: 'none', beside: selectors };
  }
  if (groups.length > 0) {
    return { is: 'groups', groups: groups.map((value) => cloudGroup(asObject(value), scope.minor)) };
  }
  return selectors.length === 0 ? { is: 'any' } : { is: 'selectors', selectors };
}

/** A block, or groups of them. What Cilium takes for one selector is told by its text; up to 1.18 by the masked block and the field. */
export function blockOf(value: JsonObject, field: 'list' | 'set', minor: Minor): BlockSelector | GroupSelector | LabelSelector {
  const { cidr, cidrGroupRef, cidrGroupSelector } = value;
  const except = asList(value.except).flatMap((text) => prefixOf(asText(text)));
  const holes = asList(value.except).length > 0 ? `-[${asList(value.except).map(asText).join()}]` : '';
  if (asText(cidrGroupRef) !== '') {
    const key = `cidrgroup:${CIDR_GROUP_NAME_KEY}/${asText(cidrGroupRef)}${holes}`;
    const named = { source: 'cidrgroup', key: `${CIDR_GROUP_NAME_KEY}/${asText(cidrGroupRef)}`, operator: 'Exists', values: [] } as const;
    return { is: 'group', key, requirements: [named], except };
  }
  if (isObject(cidrGroupSelector)) {
    const requirements = requirementsIn(cidrGroupSelector, 'cidrgroup', minor) ?? [];
    if (requirements.length + except.length === 0) {
      // Cilium takes it for the selector of everybody, which has the same text.
      return everybody(minor);
    }
    return { is: 'group', key: `groups:${JSON.stringify(requirements)}${holes}`, requirements, except };
  }
  const [block = EVERYTHING] = prefixOf(asText(cidr));
  const key = isSince(minor, '1.19') ? `cidr:${asText(cidr)}${holes}` : `${field}:${block.version}/${block.first}/${block.length}${holes}`;
  return { is: 'block', key, block, field, except };
}

const EVERYTHING: Prefix = { version: 4, first: 0n, length: 0 };

/** From 1.19 on the agent takes an address for a block of one where it gets one: in a NetworkPolicy, which Kubernetes lets through no more. */
function prefixOf(text: string): Prefix[] {
  const [parsed, address] = [parsePrefix(text), parseAddress(text)];
  if (parsed.ok) {
    return [parsed.value];
  }
  return address === undefined ? [] : [singleBlock(address)];
}

function nameOf(value: JsonObject): NameSelector {
  const pattern = patternOf(value);
  return { is: 'name', key: `${asText(value.matchName) === '' ? 'pattern' : 'name'}:${pattern}`, pattern };
}

/** A selector wins over a name. */
function serviceOf({ k8sService, k8sServiceSelector }: JsonObject, { minor }: Scope): ServiceRef {
  if (isObject(k8sServiceSelector)) {
    const { selector } = k8sServiceSelector;
    if (!isSince(minor, '1.19') && (Object.keys(asObject(selector)).length === 0 || hasSources(asObject(selector)))) {
      // Up to 1.18 an empty selector selects nothing, nor does one with a source before a key.
      return { is: 'none' };
    }
    const requirements = requirementsIn(selector, 'any', minor) ?? [];
    return { is: 'selector', requirements, namespace: asText(k8sServiceSelector.namespace) };
  }
  if (!isObject(k8sService)) {
    return { is: 'none' };
  }
  const { serviceName, namespace } = k8sService;
  return { is: 'name', name: asText(serviceName), namespace: asText(namespace) };
}

function hasSources({ matchLabels, matchExpressions }: JsonObject): boolean {
  const keys = [...Object.keys(asObject(matchLabels)), ...asList(matchExpressions).map((one) => asText(asObject(one).key))];
  return keys.some((key) => /[:$]/.test(key));
}

/** Source: cilium 1.20 `pkg/policy/api/groups.go`, Hash: of its JSON as Go writes it. */
function cloudGroup({ aws }: JsonObject, minor: Minor): CloudGroup {
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
  const hash = createHash('sha224').update(json).digest('base64url');
  const selector = new Conditions(minor).equals(`cidrgroup:extgrp.cilium.io/${hash}`, '').selector();
  return { name: [...ids, ...names].join(', ') || 'of AWS', selector };
}
