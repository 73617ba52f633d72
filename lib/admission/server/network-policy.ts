/**
 * A Kubernetes NetworkPolicy, which is not a custom resource: its fields, and the validation of their values by Kubernetes' own code.
 *
 * An object that exists already keeps the values that it has. Everything here is about an object that is created.
 * Source: Kubernetes `staging/src/k8s.io/api/networking/v1/types.go`, `pkg/apis/networking/validation/validation.go`, and apimachinery
 * `pkg/apis/meta/v1/validation/validation.go`.
 */
import type { CustomResource, Schema } from '../../crd/schema';
import { asList, asObject, asText, isObject, Json, JsonObject } from '../../model/json';
import { below, PathLink, pathTo } from '../../model/path';
import { parseKubernetesKey, parseLabelValue } from '../../net/label';
import type { Parsed } from '../../net/parsed';
import { MAX_PORT } from '../../net/port';
import { parseContainerPort } from '../port-words';
import { isStrictlyInside, legacyFormOf } from './ip-block';
import { isCidr } from './text';
import type { Doubt, Violation } from './violation';

const TEXT: Schema = { type: 'string' };

const listOf = (items: Schema): Schema => ({ type: 'array', items });

const SELECTOR: Schema = {
  type: 'object',
  properties: {
    matchLabels: { type: 'object', values: TEXT },
    matchExpressions: listOf({ type: 'object', properties: { key: TEXT, operator: TEXT, values: listOf(TEXT) } }),
  },
};

const PORTS = listOf({
  type: 'object',
  properties: { protocol: TEXT, port: { type: 'integer or string' }, endPort: { type: 'integer' } },
});

const PEERS = listOf({
  type: 'object',
  properties: {
    podSelector: SELECTOR,
    namespaceSelector: SELECTOR,
    ipBlock: { type: 'object', properties: { cidr: TEXT, except: listOf(TEXT) } },
  },
});

export const NETWORK_POLICY: CustomResource = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  namespaced: true,
  schema: {
    type: 'object',
    properties: {
      apiVersion: TEXT,
      kind: TEXT,
      // It is validated separately.
      metadata: {},
      spec: {
        type: 'object',
        properties: {
          podSelector: SELECTOR,
          policyTypes: listOf(TEXT),
          ingress: listOf({ type: 'object', properties: { from: PEERS, ports: PORTS } }),
          egress: listOf({ type: 'object', properties: { to: PEERS, ports: PORTS } }),
        },
      },
    },
  },
};

const POLICY_TYPES = ['Ingress', 'Egress'];
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];
const STANDARD_FINALIZERS = ['kubernetes', 'orphan', 'foregroundDeletion'];

export interface Judged {
  readonly violations: readonly Violation[];
  /** What Kubernetes rejects since 1.36, and accepts before. */
  readonly doubts: readonly Doubt[];
}

/** Validates a NetworkPolicy that has been decoded. */
export function judgeNetworkPolicy({ metadata, spec }: JsonObject): Judged {
  const judge = new Judge();
  judge.finalizers(asList(asObject(metadata).finalizers).map(asText));
  judge.spec(asObject(spec), below(undefined, 'spec'));
  return judge;
}

class Judge implements Judged {
  public readonly violations: Violation[] = [];
  public readonly doubts: Doubt[] = [];

  /** Besides the rules for all objects. Source: Kubernetes `pkg/apis/core/validation/validation.go`, validateKubeFinalizerName. */
  public finalizers(finalizers: readonly string[]): void {
    finalizers.forEach((finalizer, i) => {
      if (!finalizer.includes('/') && !STANDARD_FINALIZERS.includes(finalizer) && parseKubernetesKey(finalizer).ok) {
        const problem = `finalizer \`${finalizer}\` has no domain`;
        this.violations.push({ is: 'metadata', path: ['metadata', 'finalizers', i], problem, help: 'write `domain/name`' });
      }
    });
  }

  public spec(spec: JsonObject, at: PathLink): void {
    this.selector(spec.podSelector, below(at, 'podSelector'));
    for (const [section, peers] of [
      ['ingress', 'from'],
      ['egress', 'to'],
    ]) {
      asList(spec[section]).forEach((rule, i) => this.rule(asObject(rule), peers, below(at, section, i)));
    }
    const types = asList(spec.policyTypes).map(asText);
    const ofTypes = below(at, 'policyTypes');
    if (types.length > POLICY_TYPES.length) {
      this.violations.push({ is: 'items', path: pathTo(ofTypes), count: types.length, least: 0, most: POLICY_TYPES.length });
      return;
    }
    types.forEach((type, i) => this.word(type, POLICY_TYPES, below(ofTypes, i)));
  }

  private rule(rule: JsonObject, peers: string, at: PathLink): void {
    asList(rule[peers]).forEach((peer, i) => this.peer(asObject(peer), below(at, peers, i)));
    asList(rule.ports).forEach((port, i) => this.port(asObject(port), below(at, 'ports', i)));
  }

  private peer(peer: JsonObject, at: PathLink): void {
    const { podSelector, namespaceSelector, ipBlock } = peer;
    const fields = ['podSelector', 'namespaceSelector', 'ipBlock'];
    const found = fields.filter((field) => peer[field] !== undefined);
    if (found.length === 0) {
      this.violations.push({ is: 'alternatives', path: pathTo(at), fields, found, nulls: [], isExclusive: false });
    } else if (ipBlock !== undefined && found.length > 1) {
      // The selectors may stand beside each other.
      const beside = ['ipBlock', found[0]];
      this.violations.push({ is: 'alternatives', path: pathTo(at), fields: beside, found: beside, nulls: [], isExclusive: true });
    }
    this.selector(podSelector, below(at, 'podSelector'));
    this.selector(namespaceSelector, below(at, 'namespaceSelector'));
    if (isObject(ipBlock)) {
      this.ipBlock(ipBlock, below(at, 'ipBlock'));
    }
  }

  private ipBlock({ cidr, except }: JsonObject, at: PathLink): void {
    const block = this.text(cidr, 'cidr', at);
    if (block === undefined) {
      return;
    }
    const isBlock = this.cidr(block, below(at, 'cidr'));
    if (!isBlock) {
      return;
    }
    asList(except)
      .map(asText)
      .forEach((hole, i) => {
        const place = below(at, 'except', i);
        if (this.cidr(hole, place) && !isStrictlyInside(hole, block)) {
          this.violations.push({ is: 'outside', path: pathTo(place), found: hole, block });
        }
      });
  }

  private cidr(found: string, at: PathLink): boolean {
    if (!isCidr(found)) {
      this.violations.push({ is: 'format', path: pathTo(at), found, format: 'cidr' });
      return false;
    }
    const legacy = legacyFormOf(found);
    if (legacy !== undefined) {
      this.doubts.push({ is: 'doubt', path: pathTo(at), found, ...legacy });
    }
    return true;
  }

  private port({ protocol, port, endPort }: JsonObject, at: PathLink): void {
    if (typeof protocol === 'string') {
      this.word(protocol, PROTOCOLS, below(at, 'protocol'));
    }
    if (typeof port === 'string') {
      this.parsed(parseContainerPort(port), below(at, 'port'));
    }
    if (typeof port === 'number') {
      this.number(port, 1, below(at, 'port'));
    }
    if (typeof endPort !== 'number') {
      return;
    }
    if (typeof port === 'number') {
      this.number(endPort, Math.min(Math.max(port, 1), MAX_PORT), below(at, 'endPort'));
    } else {
      const name = typeof port === 'string' ? { name: port } : {};
      this.violations.push({ is: 'range-without-number', path: pathTo(below(at, 'endPort')), ...name });
    }
  }

  private selector(selector: Json | undefined, at: PathLink): void {
    const { matchLabels, matchExpressions } = asObject(selector);
    for (const [key, value] of Object.entries(asObject(matchLabels))) {
      const place = below(at, 'matchLabels', key);
      this.parsed(parseKubernetesKey(key), place);
      this.parsed(parseLabelValue(asText(value)), place);
    }
    asList(matchExpressions).forEach((expression, i) => this.expression(asObject(expression), below(at, 'matchExpressions', i)));
  }

  private expression(expression: JsonObject, at: PathLink): void {
    const key = this.text(expression.key, 'key', at);
    if (key !== undefined) {
      this.parsed(parseKubernetesKey(key), below(at, 'key'));
    }
    const values = asList(expression.values).map(asText);
    const ofValues = below(at, 'values');
    const operator = this.present(expression.operator, 'operator', at);
    if (operator !== undefined) {
      this.word(operator, OPERATORS, below(at, 'operator'));
    }
    if ((operator === 'In' || operator === 'NotIn') && values.length === 0 && this.present(expression.values, 'values', at) !== undefined) {
      this.violations.push({ is: 'items', path: pathTo(ofValues), count: 0, least: 1, most: Infinity });
    }
    if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0) {
      const help = `\`${operator}\` takes no values`;
      this.violations.push({ is: 'items', path: pathTo(ofValues), count: values.length, least: 0, most: 0, help });
    }
    values.forEach((value, i) => this.parsed(parseLabelValue(value), below(ofValues, i)));
  }

  /** The text of a required field; `undefined`, with a violation, if it is missing or empty. */
  private text(value: Json | undefined, field: string, at: PathLink): string | undefined {
    const text = this.present(value, field, at);
    if (text === '') {
      this.violations.push({ is: 'length', path: pathTo(below(at, field)), length: 0, least: 1, most: Infinity });
    }
    return text === '' ? undefined : text;
  }

  private present(value: Json | undefined, field: string, at: PathLink): string | undefined {
    if (value === undefined) {
      this.violations.push({ is: 'required', path: pathTo(at), field, isNull: false });
    }
    return value === undefined ? undefined : asText(value);
  }

  private word(found: string, allowed: readonly string[], at: PathLink): void {
    if (!allowed.includes(found)) {
      this.violations.push({ is: 'enum', path: pathTo(at), found, allowed });
    }
  }

  private number(found: number, least: number, at: PathLink): void {
    if (found < least || found > MAX_PORT) {
      this.violations.push({ is: 'range', path: pathTo(at), found, least, most: MAX_PORT });
    }
  }

  private parsed(parsed: Parsed<unknown>, at: PathLink): void {
    if (!parsed.ok) {
      this.violations.push({ is: 'text', path: pathTo(at), problem: parsed.problem, help: parsed.help });
    }
  }
}
