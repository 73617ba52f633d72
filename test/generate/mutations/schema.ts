/** Mutations for rules of the CRD schema that the agent does not have: section A. */
import fc from 'fast-check';
import { among } from '../choices';
import { isList, isObject, Json, JsonObject, Part, partsOf, without, withoutPart, withPart } from '../json';
import { Policy } from '../policies';
import { ALLOW, Change, DENY, Mutation, mutation, onElement, onHttp, onPeers, onPort, onPorts, onRule, SECTIONS } from './mutation';

const CRDS = { kinds: ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'CiliumCIDRGroup'] } as const;
const CNP = { kinds: ['CiliumNetworkPolicy'] } as const;
const TCP = [{ port: '443', protocol: 'TCP' }];

/** Changes a suitable part below `spec` or `specs`. A policy without such a part stays unchanged. */
function onPart<T>(
  suits: (part: Part) => boolean,
  values: fc.Arbitrary<T>,
  change: (policy: Policy, part: Part, value: T) => Policy,
): Change {
  return fc.tuple(fc.nat(10_000), values).map(([pick, value]) => (policy) => {
    const parts = partsOf(policy).filter((part) => /^specs?$/.test(String(part.path[0])) && part.path.length > 1 && suits(part));
    return parts.length === 0 ? policy : change(policy, parts[pick % parts.length], value);
  });
}

const anyPart = (): boolean => true;
const isMember = ({ path }: Part): boolean => typeof path[path.length - 1] === 'string';
const isItem = ({ path }: Part): boolean => typeof path[path.length - 1] === 'number';

/** The policy with a renamed member. */
function renamed(policy: Policy, { path, value }: Part, rename: (name: string) => string): Policy {
  const name = String(path[path.length - 1]);
  return withPart<Policy>(withoutPart<Policy>(policy, path), [...path.slice(0, -1), rename(name)], value);
}

function portRules(...items: readonly JsonObject[]): Change {
  return onPorts(
    ['egress'],
    among(...items).map((item) => ({ ports: TCP, ...item })),
  );
}

export const SCHEMA_MUTATIONS: readonly Mutation[] = [
  mutation(
    'misspelt-field',
    'A',
    onPart(
      isMember,
      among(
        (name: string) => `${name}s`,
        (name: string) => name.slice(0, -1),
        (name: string) => name.toUpperCase(),
      ),
      renamed,
    ),
    CRDS,
  ),
  mutation(
    'unknown-field',
    'A',
    onPart(
      ({ value }) => isObject(value),
      fc.constant(true),
      (policy, { path }) => withPart<Policy>(policy, [...path, 'nonsense'], 'a'),
    ),
    CRDS,
  ),
  mutation(
    'field-of-another-place',
    'A.6',
    onElement(
      DENY,
      among<JsonObject>({ authentication: { mode: 'required' } }, { toFQDNs: [{ matchName: 'a' }] }, { fromFQDNs: [] }),
      (element, some) => ({ ...element, ...some }),
    ),
  ),
  mutation(
    'field-of-another-direction',
    'A.4',
    onElement(['ingress'], among<JsonObject>({ toEndpoints: [{}] }, { toServices: [{}] }, { toCIDR: ['10.0.0.0/8'] }), (element, some) => ({
      ...element,
      ...some,
    })),
  ),
  mutation('field-of-the-future', 'A.4', onPeers(SECTIONS, fc.constant({ Groups: [{ aws: { managedPrefixList: { ids: ['a'] } } }] }))),
  mutation(
    'wrong-type',
    'A',
    onPart(anyPart, among<Json>('text', 7, true, 1.5, {}, [], [{}], ['text']), (policy, { path }, value) =>
      withPart<Policy>(policy, path, value),
    ),
    CRDS,
  ),
  mutation(
    'null-member',
    'A',
    onPart(isMember, fc.constant(null), (policy, { path }, value) => withPart<Policy>(policy, path, value)),
    CRDS,
  ),
  mutation(
    'null-item',
    'A',
    onPart(isItem, fc.constant(null), (policy, { path }, value) => withPart<Policy>(policy, path, value)),
    CRDS,
  ),
  mutation(
    'item-for-list',
    'A',
    onPart(
      ({ value }) => isList(value) && value.length > 0,
      fc.constant(true),
      (policy, { path, value }) => withPart<Policy>(policy, path, isList(value) ? value[0] : value),
    ),
    CRDS,
  ),
  mutation(
    'list-for-item',
    'A',
    onPart(
      ({ value }) => isObject(value),
      fc.constant(true),
      (policy, { path, value }) => withPart<Policy>(policy, path, [value]),
    ),
    CRDS,
  ),
  mutation(
    'member-left-out',
    'A',
    onPart(isMember, fc.constant(true), (policy, { path }) => withoutPart<Policy>(policy, path)),
    CRDS,
  ),
  mutation(
    'empty-text',
    'A',
    onPart(
      ({ value }) => typeof value === 'string',
      fc.constant(''),
      (policy, { path }, value) => withPart<Policy>(policy, path, value),
    ),
    CRDS,
  ),
  mutation(
    'empty-list',
    'A',
    onPart(
      ({ value }) => isList(value),
      fc.constant([]),
      (policy, { path }, value) => withPart<Policy>(policy, path, value),
    ),
    CRDS,
  ),
  mutation(
    'item-twice',
    'A',
    onPart(isItem, fc.constant(true), (policy, { path, value }) => withPart<Policy>(policy, [...path.slice(0, -1), LAST], value)),
    CRDS,
  ),
  mutation(
    'empty-item',
    'A',
    onPart(isItem, fc.constant(true), (policy, { path, value }) =>
      withPart<Policy>(policy, [...path.slice(0, -1), LAST], isObject(value) ? {} : ''),
    ),
    CRDS,
  ),
  mutation(
    'text-for-number',
    'A',
    onPort(SECTIONS, among<JsonObject>({ port: '80', endPort: '90' }, { port: 80 }, { port: '80', endPort: 90.5 })),
  ),
  mutation(
    'selector-parts-missing',
    'A.3',
    onPeers(
      SECTIONS,
      among<JsonObject>({ operator: 'Exists' }, { key: 'a' }, {}).map((expression) => ({
        Endpoints: [{ matchExpressions: [expression] }],
      })),
    ),
  ),
  mutation(
    'label-without-key',
    'A.2',
    onRule(among<Json>([{}], [{ value: 'a' }], ['k8s:a=b'], [{ key: 7 }]), (rule, labels) => ({ ...rule, labels })),
  ),
  mutation(
    'default-deny-of-another-type',
    'A.2',
    onRule(among<Json>({ ingress: 'true' }, { egress: null }, null, true, { ingres: true }), (rule, enableDefaultDeny) => ({
      ...rule,
      enableDefaultDeny,
    })),
  ),
  mutation(
    'long-log-value',
    'A.2',
    onRule(among('x'.repeat(33), '€'.repeat(33), '😀'.repeat(33)), (rule, value) => ({ ...rule, log: { value } })),
  ),
  mutation(
    'longest-log-value',
    'A.2',
    onRule(among('x'.repeat(32), '€'.repeat(32), '😀'.repeat(32)), (rule, value) => ({ ...rule, log: { value } })),
  ),
  mutation(
    'unprintable-log-value',
    'A.2',
    onRule(among('a\nb', '\u00ad', '\u0378', '\ue000'), (rule, value) => ({ ...rule, log: { value } })),
  ),
  mutation(
    'bad-authentication',
    'A.8',
    onElement(ALLOW, among<Json>({}, { mode: 'always' }, { mode: '' }, { type: 'null' }), (element, authentication) => ({
      ...element,
      authentication,
    })),
  ),
  mutation(
    'listener-parts-missing',
    'A.6',
    portRules(
      { listener: {} },
      { listener: { name: 'l' } },
      { listener: { envoyConfig: { name: 'e' } } },
      { listener: { name: 'l', envoyConfig: {} } },
    ),
    CNP,
  ),
  mutation(
    'listener-empty-names',
    'A.6',
    portRules({ listener: { name: '', envoyConfig: { name: 'e' } } }, { listener: { name: 'l', envoyConfig: { name: '' } } }),
    CNP,
  ),
  mutation('listener-bad-kind', 'A.6', portRules({ listener: { name: 'l', envoyConfig: { name: 'e', kind: 'EnvoyConfig' } } }), CNP),
  mutation(
    'listener-bad-priority',
    'A.6',
    portRules(...[0, 101, -1, 1.5].map((priority) => ({ listener: { name: 'l', envoyConfig: { name: 'e' }, priority } }))),
    CNP,
  ),
  mutation(
    'tls-parts-missing',
    'A.6',
    portRules({ terminatingTLS: {} }, { originatingTLS: { secret: {} } }, { terminatingTLS: { secret: { namespace: 'a' } } }),
    CNP,
  ),
  mutation(
    'tls-odd-names',
    'A.6',
    portRules({ terminatingTLS: { secret: { name: '' } } }, { originatingTLS: { secret: { name: 'A B' }, trustedCA: '' } }),
    CNP,
  ),
  mutation(
    'header-parts-missing',
    'A.6',
    onHttp(among<JsonObject>({ headerMatches: [{}] }, { headerMatches: [{ name: 'a', secret: {} }] })),
    CNP,
  ),
  mutation('server-names-twice', 'A.6', portRules({ serverNames: ['a.b', 'a.b'] }, { serverNames: ['a', 'b', 'a'] }), CNP),
  mutation('no-server-names', 'A.6', portRules({ serverNames: [] }), CNP),
  mutation(
    'bad-server-names',
    'A.6',
    portRules({ serverNames: ['a b'] }, { serverNames: ['a..b'] }, { serverNames: ['n'.repeat(256)] }, { serverNames: ['.'] }),
    CNP,
  ),
  mutation('server-names-of-1.20', 'A.6', portRules({ serverNames: ['a*.b'] }, { serverNames: ['*'] }, { serverNames: ['***.a'] }), CNP),
  mutation(
    'end-port-out-of-range',
    'A.6',
    onPort(
      SECTIONS,
      among(-1, 65536, 2 ** 31, 2 ** 40).map((endPort) => ({ port: '80', endPort })),
    ),
  ),
  mutation(
    'service-selector-missing',
    'A.4',
    onPeers(
      ['egress', 'egressDeny'],
      among<JsonObject>({ k8sServiceSelector: {} }, { k8sServiceSelector: { namespace: 'a' } }).map((service) => ({
        toServices: [service],
      })),
    ),
  ),
  mutation(
    'no-l3-at-all',
    'A.4',
    onElement(SECTIONS, fc.constant(true), (element) =>
      without(element, ...Object.keys(element).filter((name) => /^(from|to)(?!Ports$)/.test(name))),
    ),
  ),
];

/** An index after the end of every list. */
const LAST = 1_000;
