/** Reads properties that policies must have, in YAML or as objects. */
import { asText, isObject, JsonObject, kindOf } from '../model/json';
import type { Path } from '../model/path';
import type { Direction, Protocol } from '../model/policy';
import type { Assumption, Demand, Ends, EndPart, EndSet, FlowSet, LabelsWanted, PortSpan, Properties, Property } from '../model/property';
import { closest } from '../net/did-you-mean';
import { accepted, Parsed, Refused, refused } from '../net/parsed';
import { MAX_PORT } from '../net/port';
import { parseFile } from './config';
import { placeholdersIn } from './placeholders';

/** Reads a file of properties. A problem begins with its place. */
export function parsePropertyFile(file: string, text: string): Parsed<Properties> {
  const parsed = parseFile(file, text);
  return parsed.ok ? parseProperties(parsed.value.value, parsed.value.placeOf) : parsed;
}

/** Reads properties; `placeOf` says where a path is written. */
export function parseProperties(value: unknown, placeOf?: (path: Path) => string): Parsed<Properties> {
  try {
    return accepted(new Reader(placeOf).properties(value));
  } catch (error) {
    if (error instanceof Malformed) {
      return error.refusal;
    }
    throw error;
  }
}

/** Ends the reading: a file with a mistake proves nothing. */
class Malformed extends Error {
  public constructor(public readonly refusal: Refused) {
    super(refusal.problem);
  }
}

const TOP = ['assume', 'sets', 'properties'];
const COMMON = ['name', 'because', 'whoever-writes-in'];

class Reader {
  private sets: Readonly<Record<string, EndSet>> = {};

  public constructor(private readonly placeOf?: (path: Path) => string) {}

  public properties(value: unknown): Properties {
    const file = this.mapping(value, [], 'the file');
    const [later] = placeholdersIn(file);
    if (later !== undefined) {
      this.fail([], `\`${later}\` is filled in later, and then nothing is proved`, 'write the value');
    }
    this.known(file, TOP, []);
    this.sets = Object.fromEntries(
      Object.entries(this.mapping(file.sets ?? {}, ['sets'], '`sets`')).map(([name, set]) => [name, this.set(set, ['sets', name])]),
    );
    const assumptions = this.list(file.assume ?? [], ['assume']).map((one, i) => this.assumption(one, ['assume', i]));
    const properties = this.list(file.properties ?? [], ['properties']).map((one, i) => this.property(one, ['properties', i]));
    if (properties.length === 0) {
      this.fail(['properties'], 'there are no properties', 'list at least one under `properties`');
    }
    const names = properties.map(({ name }) => name);
    const twice = names.findIndex((name, i) => names.indexOf(name) < i);
    if (twice >= 0) {
      this.fail(['properties', twice, 'name'], `there are two properties \`${names[twice]}\``);
    }
    return { assumptions, properties };
  }

  private assumption(value: unknown, at: Path): Assumption {
    const written = this.mapping(value, at, 'an assumption');
    this.known(written, ['never', 'because'], at);
    return { never: this.pods(written.never, [...at, 'never']), ...this.because(written, at) };
  }

  private property(value: unknown, at: Path): Property {
    const written = this.mapping(value, at, 'a property');
    const kinds = Object.keys(written).filter((key) => !COMMON.includes(key));
    const [kind] = kinds;
    if (kinds.length !== 1) {
      const all = Object.keys(KINDS).map((one) => `\`${one}\``);
      this.fail(at, `a property has one of ${all.join(', ')}`);
    }
    if (!Object.hasOwn(KINDS, kind)) {
      this.fail([...at, kind], `there is no property \`${kind}\``, guess(kind, [...Object.keys(KINDS), ...COMMON]));
    }
    const { name = kind, 'whoever-writes-in': whoever } = written;
    const isOfAll = kind === DENIED;
    if (isOfAll && whoever !== undefined) {
      this.fail([...at, 'whoever-writes-in'], `\`${DENIED}\` is about whatever anybody writes`, 'leave `whoever-writes-in` out');
    }
    if (Object.hasOwn(CHANGES, kind) && whoever !== undefined) {
      this.fail([...at, 'whoever-writes-in'], `\`${kind}\` is about two sets of policies as they are`, 'leave `whoever-writes-in` out');
    }
    if (typeof name !== 'string' || name === '') {
      this.fail([...at, 'name'], '`name` must be a text');
    }
    return {
      name,
      ...this.because(written, at),
      kind,
      demands: KINDS[kind](this, written[kind], [...at, kind]),
      ...(isOfAll && { whoever: EVERY_POD }),
      ...(whoever !== undefined && { whoever: this.writers(whoever, [...at, 'whoever-writes-in']) }),
      ...(this.placeOf && { place: this.placeOf([...at, kind]) }),
    };
  }

  private because({ because }: JsonObject, at: Path): { readonly because?: string } {
    if (because !== undefined && typeof because !== 'string') {
      this.fail([...at, 'because'], '`because` must be a text');
    }
    return because === undefined ? {} : { because };
  }

  /** The fields of a demand; all but the optional ones are needed. */
  public fields(value: unknown, at: Path, needed: readonly string[], optional: readonly string[] = []): JsonObject {
    const written = this.mapping(value, at, `\`${at.at(-1)}\``);
    this.known(written, [...needed, ...optional], at);
    const missing = needed.find((field) => written[field] === undefined);
    if (missing !== undefined) {
      this.fail(at, `\`${missing}\` is missing`);
    }
    return written;
  }

  public set(value: unknown, at: Path): EndSet {
    if (typeof value === 'string') {
      return Object.hasOwn(this.sets, value)
        ? this.sets[value]
        : this.fail(at, `there is no set \`${value}\``, guess(value, Object.keys(this.sets)) ?? 'list it under `sets`, or write a list');
    }
    const parts = Array.isArray(value) ? (value as unknown[]) : [value];
    if (parts.length === 0) {
      this.fail(at, 'the set is empty', 'list at least one kind of end');
    }
    return parts.flatMap((part, i) => {
      const place = Array.isArray(value) ? [...at, i] : at;
      return typeof part === 'string' ? this.set(part, place) : [this.part(part, place)];
    });
  }

  /** A set of pods only. */
  public pods(value: unknown, at: Path): EndSet {
    const set = this.set(value, at);
    return set.every(({ is }) => is === 'pods') ? set : this.fail(at, 'only pods may be meant here');
  }

  /** Those who write policies do so in namespaces, whatever the pods are. */
  private writers(value: unknown, at: Path): EndSet {
    const set = this.pods(value, at);
    return set.some((part) => part.is === 'pods' && part.podSelector !== undefined)
      ? this.fail(at, 'namespaces are meant here, without a `podSelector`')
      : set;
  }

  private part(value: unknown, at: Path): EndPart {
    const written = this.mapping(value, at, 'an end');
    const { entities, cidrs, names, namespace, namespaceSelector, podSelector } = written;
    this.known(written, ['entities', 'cidrs', 'names', 'namespace', 'namespaceSelector', 'podSelector'], at);
    const others = ['entities', 'cidrs', 'names'].filter((field) => written[field] !== undefined);
    if (others.length > 1 || (others.length === 1 && Object.keys(written).length > 1)) {
      this.fail(at, `\`${others[0]}\` stands alone`, 'write several entries of the list');
    }
    if (Object.keys(written).length === 0) {
      this.fail(at, 'the end is empty', 'write `podSelector: {}` for every pod');
    }
    if (entities !== undefined) {
      return { is: 'entities', names: this.texts(entities, [...at, 'entities']) };
    }
    if (cidrs !== undefined) {
      return { is: 'cidrs', texts: this.texts(cidrs, [...at, 'cidrs']) };
    }
    if (names !== undefined) {
      return { is: 'names', patterns: this.texts(names, [...at, 'names']) };
    }
    return {
      is: 'pods',
      ...(namespace !== undefined && { namespaces: this.texts(namespace, [...at, 'namespace']) }),
      ...(namespaceSelector !== undefined && { namespaceSelector: this.labels(namespaceSelector, [...at, 'namespaceSelector']) }),
      ...(podSelector !== undefined && { podSelector: this.labels(podSelector, [...at, 'podSelector']) }),
    };
  }

  /** What keys and values may be, Cilium says. */
  public labels(value: unknown, at: Path): LabelsWanted {
    const { matchLabels = {}, matchExpressions = [] } = this.fields(value, at, [], ['matchLabels', 'matchExpressions']);
    return {
      matchLabels: this.mapping(matchLabels, [...at, 'matchLabels'], '`matchLabels`'),
      matchExpressions: this.list(matchExpressions, [...at, 'matchExpressions']).map((one, i) =>
        this.mapping(one, [...at, 'matchExpressions', i], 'a requirement'),
      ),
    };
  }

  /** Ports as `5432/TCP`, `53/UDP` or `8000-8010/TCP`; TCP if no protocol is written. */
  public ports(value: unknown, at: Path): readonly PortSpan[] {
    const texts = typeof value === 'number' ? [String(value)] : this.texts(value, at);
    return texts.map((text, i) => {
      const [, low, high = low, written = 'TCP'] = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(\w+))?$/.exec(text) ?? [];
      const [first, last] = [Number(low), Number(high)];
      const protocol = WITH_PORTS.find((one) => one === written.toUpperCase());
      return protocol === undefined || !(first >= 1 && first <= last && last <= MAX_PORT)
        ? this.fail(
            Array.isArray(value) ? [...at, i] : at,
            `\`${text}\` is no port`,
            'write for example `5432/TCP`, `53/UDP` or `8000-8010/TCP`',
          )
        : { protocol, first, last };
    });
  }

  /** The flows that a change may open or close. */
  public flows(value: unknown, at: Path): readonly FlowSet[] {
    const all = this.list(value, at);
    if (all.length > MOST_LISTED) {
      this.fail(at, `\`${at.at(-1)}\` lists ${all.length} kinds of flows, and at most ${MOST_LISTED} are compared`, 'list larger sets');
    }
    return all.map((one, i) => {
      const place = [...at, i];
      const { from, to, ports } = this.fields(this.mapping(one, place, 'an entry'), place, ['from', 'to'], ['ports']);
      const set = this.set(from, [...place, 'from']);
      if (set.some(({ is }) => is === 'names')) {
        this.fail([...place, 'from'], 'names open no connections', 'write them under `to`');
      }
      return {
        from: set,
        to: this.set(to, [...place, 'to']),
        ...(ports !== undefined && { ports: this.ports(ports, [...place, 'ports']) }),
      };
    });
  }

  public directions(value: unknown, at: Path): readonly Direction[] {
    const written = value === undefined ? 'both' : value;
    return written === 'both'
      ? ['ingress', 'egress']
      : written === 'ingress' || written === 'egress'
        ? [written]
        : this.fail(at, `\`${asText(written)}\` is no direction`, 'write `ingress`, `egress` or `both`');
  }

  private texts(value: unknown, at: Path): readonly string[] {
    const all = Array.isArray(value) ? (value as unknown[]) : [value];
    const wrong = all.findIndex((one) => (typeof one !== 'string' && typeof one !== 'number') || one === '');
    if (all.length === 0 || wrong >= 0) {
      this.fail(wrong >= 0 && Array.isArray(value) ? [...at, wrong] : at, `\`${at.at(-1)}\` must be a text, or a list of texts`);
    }
    return all.map(String);
  }

  public mapping(value: unknown, at: Path, what: string): JsonObject {
    return isObject(value) ? value : this.fail(at, `${what} must be a mapping, not ${kindOf(value)}`);
  }

  public list(value: unknown, at: Path): readonly unknown[] {
    return Array.isArray(value) ? value : this.fail(at, `\`${at.at(-1)}\` must be a list, not ${kindOf(value)}`);
  }

  private known(written: JsonObject, fields: readonly string[], at: Path): void {
    const unknown = Object.keys(written).find((field) => !fields.includes(field));
    if (unknown !== undefined) {
      const help = guess(unknown, fields) ?? `write one of ${fields.map((one) => `\`${one}\``).join(', ')}`;
      this.fail([...at, unknown], `there is no field \`${unknown}\` here`, help);
    }
  }

  public fail(at: Path, problem: string, help?: string): never {
    const place = this.placeOf?.(at);
    throw new Malformed(refused(`${place === undefined ? '' : `${place}: `}${problem}`, help));
  }
}

function guess(text: string, known: readonly string[]): string | undefined {
  const near = closest(text, known);
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}

/** The property that only a deny rule can give. */
const DENIED = 'deny-holds';
const EVERY_POD: EndSet = [{ is: 'pods' }];

const WITH_PORTS = ['TCP', 'UDP', 'SCTP'] as const satisfies readonly Protocol[];

/** The flows that a property of a change may list. */
export const MOST_LISTED = 200;

/** The properties of a change, with what they are about. */
const CHANGES = { 'opens-only': 'opened', 'closes-only': 'closed' } as const;

/** The kinds of properties, with what they demand. */
const KINDS: Readonly<Record<string, (reader: Reader, value: unknown, at: Path) => readonly Demand[]>> = {
  isolated: (reader, value, at) => {
    const { between, ports } = reader.fields(value, at, ['between'], ['ports']);
    const pair = reader.list(between, [...at, 'between']);
    if (pair.length !== 2) {
      reader.fail([...at, 'between'], '`between` has two sets');
    }
    const [a, b] = pair.map((set, i): Ends => ({ set: reader.set(set, [...at, 'between', i]) }));
    const demands = [nothing(reader, a, b, ports, at), nothing(reader, b, a, ports, at)];
    // Names open no connections.
    return demands.filter((demand) => demand.is !== 'nothing' || demand.from.set.some(({ is }) => is !== 'names'));
  },
  'only-from': (reader, value, at) => {
    const { to, from, ports } = reader.fields(value, at, ['to', 'from'], ['ports']);
    const others: Ends = { set: reader.set(from, [...at, 'from']), isOthers: true };
    return [nothing(reader, others, { set: reader.set(to, [...at, 'to']) }, ports, at)];
  },
  'no-egress-except': (reader, value, at) => {
    const { from, to, ports } = reader.fields(value, at, ['from', 'to'], ['ports']);
    const others: Ends = { set: reader.set(to, [...at, 'to']), isOthers: true };
    return [nothing(reader, { set: reader.set(from, [...at, 'from']) }, others, ports, at)];
  },
  'unreachable-from-world': (reader, value, at) => {
    const { to, ports } = reader.fields(value, at, ['to'], ['ports']);
    return [nothing(reader, { set: [{ is: 'entities', names: ['world'] }] }, { set: reader.set(to, [...at, 'to']) }, ports, at)];
  },
  [DENIED]: (reader, value, at) => {
    const { from, to, ports } = reader.fields(value, at, ['from', 'to'], ['ports']);
    return [nothing(reader, { set: reader.set(from, [...at, 'from']) }, { set: reader.set(to, [...at, 'to']) }, ports, at)];
  },
  reachable: (reader, value, at) => {
    const { from, to, ports } = reader.fields(value, at, ['from', 'to', 'ports']);
    return [everything(reader, from, { set: reader.set(to, [...at, 'to']) }, ports, at)];
  },
  'apiserver-reachable': (reader, value, at) => {
    const { from, ports = '6443/TCP' } = reader.fields(value, at, ['from'], ['ports']);
    return [everything(reader, from, { set: [{ is: 'entities', names: ['kube-apiserver'] }] }, ports, at)];
  },
  'names-learnable': (reader, value, at) => {
    const { from, names, ports = '443/TCP' } = reader.fields(value, at, ['from', 'names'], ['ports']);
    return [everything(reader, from, { set: reader.set({ names }, at) }, ports, at)];
  },
  'default-denied': (reader, value, at) => {
    const { of, direction } = reader.fields(value, at, ['of'], ['direction']);
    const set = reader.pods(of, [...at, 'of']);
    return reader.directions(direction, [...at, 'direction']).map((one): Demand => ({ is: 'closed', of: set, direction: one }));
  },
  'nodes-not-locked-out': (reader, value, at) => {
    const { nodes, apiserver, 'ssh-from': ssh, dns } = reader.fields(value, at, [], ['nodes', 'apiserver', 'ssh-from', 'dns']);
    return [
      {
        is: 'nodes-open',
        ...(nodes !== undefined && { nodes: reader.labels(nodes, [...at, 'nodes']) }),
        ...(apiserver !== undefined && { apiserver: apiserverPort(reader, apiserver, [...at, 'apiserver']) }),
        ...(ssh !== undefined && { sshFrom: reader.set(ssh, [...at, 'ssh-from']) }),
        ...(dns !== undefined && { dns: reader.set(dns, [...at, 'dns']) }),
      },
    ];
  },
  ...Object.fromEntries(
    Object.entries(CHANGES).map(([name, kind]) => [
      name,
      (reader: Reader, value: unknown, at: Path): readonly Demand[] => [{ is: 'changes-only', kind, flows: reader.flows(value, at) }],
    ]),
  ),
};

function apiserverPort(reader: Reader, value: unknown, at: Path): number {
  const [{ protocol, first, last }, ...others] = reader.ports(value, at);
  return others.length > 0 || protocol !== 'TCP' || first !== last
    ? reader.fail(at, '`apiserver` is one port of TCP', 'write for example `6443/TCP`')
    : first;
}

function nothing(reader: Reader, from: Ends, to: Ends, ports: unknown, at: Path): Demand {
  return { is: 'nothing', from, to, ...(ports !== undefined && { ports: reader.ports(ports, [...at, 'ports']) }) };
}

function everything(reader: Reader, from: unknown, to: Ends, ports: unknown, at: Path): Demand {
  return { is: 'everything', from: { set: reader.set(from, [...at, 'from']) }, to, ports: reader.ports(ports, [...at, 'ports']) };
}
