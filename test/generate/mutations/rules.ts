/** Mutations of the rules of a policy as a whole: B.1. */
import fc from 'fast-check';
import { among } from '../choices';
import { JsonObject, without } from '../json';
import { Mutation, mutation, onElement, onPeers, onRule, SECTIONS } from './mutation';

const switches = fc.record({ ingress: fc.boolean(), egress: fc.boolean() });

export const RULE_MUTATIONS: readonly Mutation[] = [
  mutation(
    'no-sections',
    'B.1-1',
    onRule(fc.boolean(), (rule) => without(rule, ...SECTIONS)),
  ),
  mutation(
    'empty-sections',
    'B.1-1',
    onRule(fc.subarray([...SECTIONS], { minLength: 1 }), (rule, empty) => ({
      ...without(rule, ...SECTIONS),
      ...Object.fromEntries(empty.map((section) => [section, []])),
    })),
  ),
  mutation(
    'empty-sections-with-default-deny',
    'B.1-1',
    onRule(switches, (rule, enableDefaultDeny) => ({ ...without(rule, ...SECTIONS), ingress: [], enableDefaultDeny })),
  ),
  mutation(
    'default-deny-switched-off',
    'B.1-2',
    onRule(switches, (rule, enableDefaultDeny) => ({ ...rule, enableDefaultDeny })),
    { config: { 'enable-non-default-deny-policies': 'false' } },
  ),
  mutation(
    'no-selector',
    'B.1-3',
    onRule(fc.boolean(), (rule) => without(rule, 'endpointSelector', 'nodeSelector')),
  ),
  mutation(
    'both-selectors',
    'B.1-4',
    onRule(among<JsonObject>({}, { matchLabels: { app: 'web' } }), (rule, selector) => ({
      endpointSelector: selector,
      nodeSelector: {},
      ...rule,
    })),
  ),
  mutation(
    'null-selector',
    'B.1-4',
    onRule(among('endpointSelector', 'nodeSelector'), (rule, name) => ({ ...rule, [name]: null })),
  ),
  mutation(
    'bad-subject',
    'B.1-5',
    onRule(among('endpointSelector', 'nodeSelector'), (rule, name) => ({
      ...without(rule, 'endpointSelector', 'nodeSelector'),
      [name]: { matchExpressions: [{ key: 'a key', operator: 'Exists' }] },
    })),
  ),
  // The agent checks the elements of every section, including the deny sections, and reports the first error.
  mutation('bad-element', 'B.1-6', onPeers(SECTIONS, fc.constant({ CIDR: ['10.0.0.0/08'] }))),
  mutation(
    'empty-element',
    'B.1-6',
    onElement(SECTIONS, fc.boolean(), () => ({})),
  ),
];
