/**
 * Replaces placeholders by valid values, so that the rest of a policy can be admitted and read. What they stood for is not known: `resolve/bounds.ts`
 * says what the policy then means at least and at most.
 */
import { setOwn } from '../model/json';
import type { Resource } from '../model/origin';
import { fieldAt, Path } from '../model/path';
import { STAND_IN } from '../model/stand-in';
import { mayHavePlaceholders, placeholderIn } from '../read/placeholders';

export interface StoodIn {
  readonly resource: Resource;
  /** The paths of what is not known. Values of labels are not among them: they are `STAND_IN`. */
  readonly unknown: readonly Path[];
  readonly samples: readonly string[];
}

/** The policy with valid values for its placeholders; `undefined` if it has none that could change its meaning. */
export function withStandIns(resource: Resource): StoodIn | undefined {
  const ofNamespace = placeholderIn(resource.namespace ?? '');
  const isWritten = resource.document.source.text !== undefined;
  if (isWritten && ofNamespace === undefined && !mayHavePlaceholders(resource.document)) {
    return undefined;
  }
  const filler = new Filler(resource.kind === 'NetworkPolicy');
  const value = filler.fill(resource.value, []) as Resource['value'];
  if (!filler.isChanged && ofNamespace === undefined) {
    return undefined;
  }
  const filled = { ...resource, value, ...(ofNamespace !== undefined && { namespace: STAND_IN }) };
  const samples = [...filler.samples, ...(ofNamespace === undefined ? [] : [ofNamespace])];
  return { resource: filled, unknown: filler.unknown, samples: [...new Set(samples)] };
}

/** Stands for a value that may as well be missing. */
const MISSING = Symbol('missing');

const CIDR = '192.0.2.1/32';
const PORT = { port: '1', protocol: 'TCP' };
const ICMP_FIELD = { family: 'IPv4', type: 8 };

/** What is valid for an item of a list, by the field of the list. A list as a whole has one such item. */
const ITEMS: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(['ingress', 'egress', 'ingressDeny', 'egressDeny'].map((field) => [field, {}])),
  ...Object.fromEntries(
    ['fromEndpoints', 'toEndpoints', 'fromNodes', 'toNodes', 'fromRequires', 'toRequires', 'http', 'kafka', 'l7'].map((field) => [
      field,
      {},
    ]),
  ),
  ...Object.fromEntries(['from', 'to'].map((field) => [field, { podSelector: {} }])),
  ...Object.fromEntries(['fromEntities', 'toEntities'].map((field) => [field, 'all'])),
  ...Object.fromEntries(['fromCIDR', 'toCIDR'].map((field) => [field, CIDR])),
  ...Object.fromEntries(['fromCIDRSet', 'toCIDRSet'].map((field) => [field, { cidr: CIDR }])),
  toFQDNs: { matchName: `${STAND_IN}.invalid` },
  dns: { matchPattern: '*' },
  toServices: { k8sService: { serviceName: STAND_IN } },
  toGroups: { aws: { region: STAND_IN } },
  toPorts: { ports: [PORT] },
  ports: PORT,
  icmps: { fields: [ICMP_FIELD] },
  fields: ICMP_FIELD,
  except: MISSING,
  matchExpressions: { key: STAND_IN, operator: 'Exists' },
  values: STAND_IN,
  serverNames: `${STAND_IN}.invalid`,
};

/** What is valid for a mapping or a text that is no item, by its field. */
const FIELDS: Readonly<Record<string, unknown>> = {
  policyTypes: ['Ingress', 'Egress'],
  enableDefaultDeny: MISSING,
  rules: MISSING,
  ...Object.fromEntries(
    ['endpointSelector', 'nodeSelector', 'podSelector', 'namespaceSelector', 'matchLabels'].map((field) => [field, {}]),
  ),
  ipBlock: { cidr: CIDR },
  matchName: `${STAND_IN}.invalid`,
  matchPattern: `${STAND_IN}.invalid`,
  priority: 1,
};

/** The lists of which an item with something unknown in it is replaced as a whole, because its parts depend on one another. */
const WHOLE_ITEMS = ['ports', 'fields', 'fromCIDRSet', 'toCIDRSet', 'http', 'dns', 'matchExpressions', 'from', 'to'];

class Filler {
  public readonly unknown: Path[] = [];
  public readonly samples: string[] = [];
  public isChanged = false;

  public constructor(private readonly isKubernetes: boolean) {}

  public fill(value: unknown, path: Path): unknown {
    if (typeof value === 'string') {
      return this.text(value, path);
    }
    if (Array.isArray(value) && fieldAt(path) === 'policyTypes' && value.some((item) => placeholderIn(String(item)) !== undefined)) {
      value.forEach((item, i) => this.fill(item, [...path, i]));
      return this.whole(path);
    }
    if (Array.isArray(value)) {
      return value.map((item, i) => this.item(item, [...path, i])).filter((item) => item !== MISSING);
    }
    return typeof value === 'object' && value !== null ? this.object(value as Readonly<Record<string, unknown>>, path) : value;
  }

  private text(text: string, path: Path): unknown {
    const sample = placeholderIn(text);
    if (sample === undefined) {
      return text;
    }
    this.isChanged = true;
    if (path[0] === 'metadata' || path.at(-1) === 'description') {
      // Neither changes what a policy allows: its name in the cluster is that of the resource.
      return STAND_IN;
    }
    this.samples.push(sample);
    if (path.at(-2) === 'matchLabels') {
      return STAND_IN;
    }
    if (fieldAt(path) === 'values') {
      return path.at(-1) === 'values' ? [STAND_IN] : STAND_IN;
    }
    return this.whole(path);
  }

  /** The valid value of something that is not known at all. */
  private whole(path: Path): unknown {
    this.unknown.push(path);
    const last = path.at(-1);
    const field = fieldAt(path);
    if (path.at(-2) === 'enableDefaultDeny') {
      return MISSING;
    }
    if (typeof last === 'number') {
      return Object.hasOwn(ITEMS, field) ? this.itemOf(field) : STAND_IN;
    }
    if (Object.hasOwn(FIELDS, field)) {
      return FIELDS[field];
    }
    const item = Object.hasOwn(ITEMS, field) ? this.itemOf(field) : undefined;
    return item === undefined ? STAND_IN : item === MISSING ? MISSING : [item];
  }

  private item(item: unknown, path: Path): unknown {
    const before = this.unknown.length;
    const filled = this.fill(item, path);
    const list = fieldAt(path);
    const changed = this.unknown.slice(before);
    if (changed.length === 0 || !WHOLE_ITEMS.includes(list) || changed.every((one) => one.includes('except'))) {
      return filled;
    }
    const { protocol, family } = (typeof filled === 'object' && filled !== null ? filled : {}) as Readonly<Record<string, unknown>>;
    const isKnown = (name: string) => !changed.some((one) => one.at(-1) === name || one.length === path.length);
    switch (list) {
      case 'ports':
        // Without a protocol, a port is one of every protocol.
        return isKnown('protocol') ? { port: this.port(), ...(protocol !== undefined && { protocol }) } : this.itemOf(list);
      case 'fields':
        return isKnown('family') && family === 'IPv6' ? { family, type: 128 } : ICMP_FIELD;
      default:
        return ITEMS[list];
    }
  }

  private itemOf(list: string): unknown {
    return list === 'ports' ? { ...PORT, port: this.port() } : ITEMS[list];
  }

  /** A port in quotes is the name of one in a NetworkPolicy. */
  private port(): unknown {
    return this.isKubernetes ? Number(PORT.port) : PORT.port;
  }

  private object(object: Readonly<Record<string, unknown>>, path: Path): unknown {
    const odd = Object.keys(object).find((key) => placeholderIn(key) !== undefined);
    if (odd !== undefined) {
      this.isChanged = true;
      this.samples.push(placeholderIn(odd)!);
    }
    if (odd !== undefined && path.length > 0 && path[0] !== 'metadata') {
      return this.whole(path);
    }
    const filled: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(object)) {
      const inner = odd === key || this.isUnneeded(value, [...path, key]) ? MISSING : this.fill(value, [...path, key]);
      if (inner !== MISSING) {
        setOwn(filled, key, inner);
      }
    }
    return filled;
  }

  /** Whether a field of the metadata has a placeholder and changes nothing, for example a time: no text would be valid for all of them. */
  private isUnneeded(value: unknown, [first, field, ...rest]: Path): boolean {
    const isOfServer = first === 'metadata' && rest.length === 0 && !METADATA.includes(String(field)) && field !== undefined;
    const isUnneeded = isOfServer && placeholderIn(JSON.stringify(value) ?? '') !== undefined;
    this.isChanged ||= isUnneeded;
    return isUnneeded;
  }
}

/** The fields of the metadata that have a meaning for policies. */
const METADATA = ['name', 'namespace', 'labels', 'annotations'];
