/** Reads texts and objects into resources with their origins, and reports everything that could not be read. */
import { asList, asObject, asText, isObject, Json, JsonObject, valueAt } from '../model/json';
import { Document, isPrivate, Origin, Resource, Source } from '../model/origin';
import type { Path } from '../model/path';
import { closest } from '../net/did-you-mean';
import { brokenSeparator, documentsOf, MAX_DOCUMENT, MAX_DOCUMENTS, MAX_VALUES, valuesIn } from './documents';
import { documentsInBlock, embeddedIn } from './embedded';
import { groupOf, isJudged, isMeant, JUDGED, KINDS_OF_CILIUM, OTHER_KINDS } from './kinds';
import { areManifests, isList, listProblem, ofList } from './lists';
import { mayHoldPolicy, mentionsPolicy, templateIn } from './mentions';
import { mayHavePlaceholders, placeholderIn, placeholdersIn } from './placeholders';
import { find, parseDocument, TextPlaces } from './places';
import { PassedOver, ReadProblem, wholeDocument } from './problem';
import { Surrounding, surroundingsOf } from './surroundings';
import { ExcessiveValues, Filler, MAX_FILLED, Variables } from './variables';
import { ExcessiveAliasing, Fill, toJson } from './yaml/json';
import type { Entry, Node } from './yaml/node';
import type { Problem } from './yaml/source';

export interface Read {
  readonly sources: readonly Source[];
  /** Policies and CIDR groups, in the order in which they were read. */
  readonly policies: readonly Resource[];
  /** Objects of other kinds. */
  readonly others: readonly Resource[];
  readonly problems: readonly ReadProblem[];
  readonly documents: number;
  /** Documents that were not checked although they may hold policies: broken documents and templates. */
  readonly unchecked: number;
  /** What may be meant as a policy and was not judged, with the reason. */
  readonly passedOver: readonly PassedOver[];
  /** The files whose objects get their namespaces from kustomizations. */
  readonly namespacedBy: ReadonlyMap<Source, ReadonlySet<string>>;
  /** The files that a kustomization in their folder leaves out. */
  readonly leftOut: ReadonlySet<Source>;
  readonly places: TextPlaces;
}

export interface ReadOptions {
  /** The namespace of namespaced objects that name none. */
  readonly namespace: string;
  /** Whether the user names it; else it is only assumed. @default false */
  readonly isNamespaceGiven?: boolean;
  /** Whether policies inside other objects are read, where they stand whole. @default false */
  readonly embedded?: boolean;
  /** The values of placeholders. @default - placeholders stay, also those with a default */
  readonly variables?: Variables;
  /** Called after each document. */
  readonly onProgress?: OnProgress;
}

/** Reports progress: `done` of `of` items are read or checked. */
export type OnProgress = (what: 'read' | 'checked', done: number, of: number) => void;

/** Reads texts. `readObjects` reads objects that have no text. */
export function readSources(sources: readonly Source[], options: ReadOptions): Read {
  const reader = new Reader(options, surroundingsOf(sources));
  sources.forEach((source) => {
    if (source.problem !== undefined) {
      reader.unreadable(source, source.problem);
    }
  });
  sources
    .flatMap((source) => documentsOf(source, reader.places))
    .forEach((document, i, { length }) => {
      reader.document(document);
      options.onProgress?.('read', i + 1, length);
    });
  return reader.read(sources);
}

/** An object from a program, with the construct that created it. */
export interface GivenObject {
  readonly value: JsonObject;
  readonly constructPath?: string;
  /** What the construct warns of. */
  readonly warnings?: readonly GivenWarning[];
}

export interface GivenWarning {
  readonly message: string;
  readonly help: string;
}

/** Reads objects. Messages use `name` as the name of their source. */
export function readObjects(name: string, objects: readonly GivenObject[], options: ReadOptions): Read {
  const reader = new Reader(options);
  const source = { name };
  objects.forEach(({ value, constructPath, warnings = [] }, index) => {
    const document = { source, index, start: 0, end: 0 };
    reader.counted();
    reader.given(value, document, constructPath);
    reader.warned(warnings, value, document, constructPath);
  });
  return reader.read([source]);
}

/** Reads one object of any kind. */
export function readObject(value: JsonObject, options: ReadOptions): Resource {
  return resourceOf(value, { source: { name: 'object' }, index: 0, start: 0, end: 0 }, [], options);
}

/** The kinds that have no namespace and are judged or named in reports. */
const CLUSTERWIDE = new Set([
  ...['CiliumClusterwideNetworkPolicy', 'CiliumCIDRGroup', 'CiliumClusterwideEnvoyConfig', 'CiliumNode'],
  ...['ClusterNetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'GlobalNetworkPolicy', 'StagedGlobalNetworkPolicy'],
]);

/** The maximum path length of nested lists. Each list adds two steps: `items` and an index. */
export const MOST_LISTS = 32;

const WITH_VALUES = `the values add more than ${MAX_FILLED} characters to the documents of this run`;

class Reader {
  public readonly places = new TextPlaces();
  private readonly policies: Resource[] = [];
  private readonly others: Resource[] = [];
  private readonly problems: ReadProblem[] = [];
  private readonly firsts = new Map<string, Resource>();
  private readonly passedOver: PassedOver[] = [];
  /** Whether a document mentions a policy: a list asks for each of its items. */
  private readonly mentions = new WeakMap<Document, boolean>();
  private readonly namespacedBy = new Map<Source, ReadonlySet<string>>();
  /** The tree of the document that is being read. */
  private root: Node | undefined;
  private readonly filler: Filler | undefined;
  private documents = 0;
  private unchecked = 0;

  public constructor(
    private readonly options: ReadOptions,
    private readonly surroundings: ReadonlyMap<Source, Surrounding> = new Map(),
  ) {
    this.filler = options.variables && new Filler(options.variables);
  }

  public read(sources: readonly Source[]): Read {
    const { policies, others, problems, documents, unchecked, passedOver, namespacedBy, places } = this;
    const leftOut = new Set(sources.filter((source) => this.surroundings.get(source)?.isLeftOut === true));
    return { sources, policies, others, problems, documents, unchecked, passedOver, namespacedBy, leftOut, places };
  }

  public warned(warnings: readonly GivenWarning[], value: JsonObject, document: Document, constructPath?: string): void {
    for (const { message, help } of warnings) {
      const resource = { ...resourceOf(value, document, [], this.options), constructPath };
      this.problems.push({ is: 'program', message, help, origin: { ...wholeDocument(document), resource } });
    }
  }

  public counted(): void {
    this.documents += 1;
  }

  public unreadable(source: Source, message: string): void {
    this.refuse({ is: 'unreadable', message, origin: wholeDocument({ source, index: 0, start: 0, end: 0 }) });
  }

  public document(document: Document): void {
    this.counted();
    const role = this.surroundings.get(document.source)?.role;
    if (role !== undefined) {
      this.passOver(role, document);
      return;
    }
    if (document.index >= MAX_DOCUMENTS) {
      const message = `the file has more than ${MAX_DOCUMENTS} documents, and the rest was not read`;
      this.refuse({ is: 'limit', message, origin: beginningOf(document) });
      return;
    }
    const length = document.end - document.start;
    if (length > MAX_DOCUMENT) {
      this.limit(`the document has ${length} characters, the maximum is ${MAX_DOCUMENT}`, document);
      return;
    }
    const text = textOf(document);
    if (valuesIn(text) > MAX_VALUES) {
      this.limit(`the document has more than ${MAX_VALUES} values`, document);
      return;
    }
    const separator = document.isJson ? undefined : brokenSeparator(text);
    if (separator !== undefined) {
      this.unchecked += 1;
      this.problem(separator, document);
      return;
    }
    const { root, hasAliases, problems } = parseDocument(document);
    const template = root?.is === 'mapping' || problems.some(({ is }) => is === 'limit') ? undefined : templateIn(text);
    if (template !== undefined) {
      this.template(template, document);
      return;
    }
    if (root === undefined) {
      this.unchecked += 1;
      problems.filter(({ is }) => is !== 'limit' || mayHoldPolicy(text)).forEach((problem) => this.problem(problem, document));
      return;
    }
    problems.forEach((problem) => this.problem(problem, document));
    this.root = root;
    try {
      this.value(toJson(root, hasAliases, this.fillOf(text, document)) as Json, document);
    } catch (error) {
      if (!(error instanceof ExcessiveAliasing || error instanceof ExcessiveValues)) {
        throw error;
      }
      this.limit(error instanceof ExcessiveAliasing ? 'the document repeats its anchors too often' : WITH_VALUES, document);
    }
  }

  /** What fills in the placeholders of a document; `undefined` if no values are given. */
  private fillOf(text: string, document: Document): Fill | undefined {
    const { filler } = this;
    return filler === undefined || !text.includes('${')
      ? undefined
      : { scalar: (node) => filler.scalar(node), key: (name) => filler.text(name), twice: (entry) => this.filledTwice(entry, document) };
  }

  /** Passes over what is no manifest by itself. Only what mentions a policy is named. */
  private passOver(is: 'patch' | 'chart', document: Document): void {
    if (mentionsPolicy(textOf(document))) {
      this.unchecked += 1;
      this.passedOver.push({ is, origin: beginningOf(document) });
    }
  }

  /** The namespace of an object that is given by what is around its file, or that it names itself. */
  private placed(resource: Resource): Resource {
    const { document, namespace, kind, value } = resource;
    const given = this.surroundings.get(document.source)?.namespaces;
    if (given === undefined || given.size === 0 || namespace === undefined || CLUSTERWIDE.has(kind)) {
      return resource;
    }
    const own = asText(asObject(value.metadata).namespace);
    const all = new Set([...given].map((one) => (one === undefined ? (own === '' ? this.options.namespace : own) : this.filled(one))));
    const [first] = all;
    this.namespacedBy.set(document.source, all);
    return { ...resource, namespace: all.size === 1 ? first : SEVERAL, hasAssumedNamespace: undefined };
  }

  /** A namespace of a kustomization. One that is too long stays a placeholder. */
  private filled(text: string): string {
    try {
      return this.filler?.text(text) ?? text;
    } catch (error) {
      if (error instanceof ExcessiveValues) {
        return SEVERAL;
      }
      throw error;
    }
  }

  private filledTwice({ key: { start, end } }: Entry, document: Document): void {
    this.problem({ is: 'duplicate-key', message: 'the key stands twice when its value is filled in', start, end }, document);
  }

  /** A document beyond a bound is a problem only if it may hold a policy. */
  private limit(message: string, document: Document): void {
    if (mayHoldPolicy(textOf(document))) {
      this.refuse({ is: 'limit', message, origin: beginningOf(document) });
    } else {
      this.unchecked += 1;
    }
  }

  private value(value: Json, document: Document): void {
    if (isObject(value)) {
      this.object(value, document, []);
    } else if (Array.isArray(value)) {
      this.items(value as readonly Json[], document);
    } else if (value !== null && mentionsPolicy(textOf(document))) {
      const message = 'the document is not an object';
      this.refuse({ is: 'syntax', message, origin: wholeDocument(document) });
    }
  }

  /** Reads a list of manifests. Any other list, such as a JSON patch, is no mistake, and is named if it mentions a policy. */
  private items(items: readonly Json[], document: Document): void {
    if (areManifests(items)) {
      items.forEach((item, i) => this.object(item, document, [i]));
    } else if (mentionsPolicy(textOf(document))) {
      this.unchecked += 1;
      this.passedOver.push({ is: 'list', origin: wholeDocument(document) });
    }
  }

  /** Reads an object of a program. */
  public given(value: JsonObject, document: Document, constructPath?: string): void {
    try {
      const filled = this.filler === undefined ? value : (this.filler.object(value) as JsonObject);
      this.object(filled, document, [], constructPath);
    } catch (error) {
      if (!(error instanceof ExcessiveValues)) {
        throw error;
      }
      this.refuse({ is: 'limit', message: WITH_VALUES, origin: wholeDocument(document) });
    }
  }

  /** Reads an object, or the items of a list. */
  public object(value: JsonObject, document: Document, at: Path, constructPath?: string): void {
    const { items } = value;
    const resource = {
      ...this.placed(resourceOf(value, document, at, this.options)),
      ...(constructPath !== undefined && { constructPath }),
    };
    if (!isList(value, at.length > 0)) {
      this.resource(resource);
      return;
    }
    if (at.length > MOST_LISTS) {
      this.refuse({ is: 'limit', message: `lists are nested more than ${MOST_LISTS / 2} levels deep`, origin: { document, path: at } });
      return;
    }
    const before = this.policies.length;
    asList(items).forEach((item, i) => {
      if (isObject(item) || item === null) {
        this.object(ofList(item ?? {}, value), document, [...at, 'items', i], constructPath);
      }
    });
    const problem = listProblem(resource, this.policies.length > before);
    if (problem !== undefined) {
      this.problems.push({ is: 'list', message: problem, origin: { document, resource, path: ['items'], onKey: true } });
    }
  }

  private resource(resource: Resource): void {
    const { kind, apiVersion } = resource;
    const origin: Origin = { document: resource.document, resource, path: [] };
    const unrendered = unrenderedIn(resource);
    if (unrendered !== undefined) {
      this.unchecked += 1;
      this.problems.push({ is: 'template', sample: unrendered.sample, origin: { ...origin, path: [unrendered.field] } });
      return;
    }
    const known = isMeant(resource) ? JUDGED.get(kind) : undefined;
    const isCilium = groupOf(apiVersion) === 'cilium.io';
    if (known === undefined && isCilium && !OTHER_KINDS.includes(kind)) {
      const guess = closest(kind, KINDS_OF_CILIUM) ?? KINDS_OF_CILIUM.find((one) => one === `Cilium${kind}`);
      this.refuse({ is: 'unknown-kind', kind, guess, origin: { ...origin, path: ['kind'] } });
    } else if (known !== undefined && !known.includes(apiVersion)) {
      this.refuse({ is: 'wrong-api-version', resource, known, origin: { ...origin, path: ['apiVersion'] } });
    } else if (known === undefined) {
      this.others.push(resource);
      this.embedded(resource, origin);
    } else {
      this.policy(resource, origin);
    }
  }

  /** Reads or names the policies inside of an object. The text is asked first, because few mention one. */
  private embedded(outer: Resource, origin: Origin): void {
    const { document, value } = outer;
    const known = this.mentions.get(document) ?? mentionsPolicy(textOf(document));
    this.mentions.set(document, known);
    const { paths, isCut } = known ? embeddedIn(value) : { paths: [], isCut: false };
    const left = this.options.embedded === true ? paths.filter((path) => !this.inside(outer, path)) : paths;
    for (const path of [...left, ...(isCut ? [[]] : [])]) {
      // Of a private source, not even the keys are told.
      this.passedOver.push({ is: 'embedded', origin: isPrivate(origin) ? beginningOf(document) : { ...origin, path, onKey: true } });
    }
  }

  /** Reads the policies at a path in an object; false if something there may be one and is not read. They do not exist beside others of their name. */
  private inside({ document, value, at }: Resource, path: Path): boolean {
    const inner = valueAt(value, path);
    const found = isObject(inner)
      ? [{ resource: resourceOf(inner, document, [...at, ...path], this.options), problems: [] }]
      : this.writtenAt(document, [...at, ...path]);
    const whole = found.filter(({ resource }) => isWhole(resource));
    for (const { resource, problems } of whole) {
      problems.forEach((problem) => this.problem(problem, resource.document));
      this.judged(resource, { document: resource.document, resource, path: [] });
    }
    const others = found.filter(({ resource }) => !isWhole(resource) && mentionsPolicy(textOf(resource.document)));
    return found.length > 0 && others.length === 0;
  }

  /** The objects in a block of text, whose lines are lines of the file; none if it is no YAML, or stands elsewhere too. */
  private writtenAt(document: Document, path: Path): readonly { readonly resource: Resource; readonly problems: readonly Problem[] }[] {
    const { node, isPlain } = this.root === undefined ? {} : find(this.root, path);
    if (node?.is !== 'scalar' || node.style !== 'literal' || isPlain !== true) {
      return [];
    }
    const parts = documentsInBlock(document, node).map((part) => ({ part, ...parseDocument(part) }));
    return parts.some(({ root }) => root === undefined)
      ? []
      : parts.map(({ part, root, hasAliases, problems }) => {
          const inner = toJson(root!, hasAliases, this.fillOf(textOf(part), part));
          return { resource: resourceOf(asObject(inner), part, [], this.options), problems };
        });
  }

  private policy(resource: Resource, origin: Origin): void {
    this.judged(resource, origin);
    const { kind, namespace = '', name } = resource;
    const key = `${kind}/${namespace}/${name}`;
    const first = this.firsts.get(key);
    if (first !== undefined && name !== '' && placeholderIn(key) === undefined) {
      this.problems.push({ is: 'duplicate-policy', resource, first, origin: { ...origin, path: ['metadata', 'name'] } });
    }
    this.firsts.set(key, first ?? resource);
  }

  private judged(resource: Resource, origin: Origin): void {
    this.policies.push(resource);
    const samples = mayHavePlaceholders(resource.document) ? placeholdersIn(resource.value) : [];
    if (samples.length > 0) {
      this.problems.push({ is: 'placeholders', samples, origin });
    }
  }

  private template(sample: string, document: Document): void {
    this.unchecked += 1;
    if (mayHoldPolicy(textOf(document))) {
      const start = document.start + textOf(document).indexOf(sample);
      this.problems.push({ is: 'template', sample, origin: { document, path: [], range: { start, end: start + sample.length } } });
    }
  }

  private problem({ is, message, start, end }: Problem, document: Document): void {
    if (is === 'merge-override') {
      return;
    }
    const range = { start: document.start + start, end: document.start + end };
    this.problems.push({ is, message, origin: { document, path: [], range } });
  }

  private refuse(problem: ReadProblem): void {
    this.unchecked += 1;
    this.problems.push(problem);
  }
}

/** Whether an object is a policy with its rules, and not what a tool makes one from. */
function isWhole(resource: Resource): boolean {
  const { spec, specs } = resource.value;
  return isJudged(resource) && (isObject(spec) || Array.isArray(specs));
}

/** The place of a document that is not parsed, not even to find the place. */
function beginningOf(document: Document): Origin {
  return { document, path: [], range: { start: document.start, end: document.start } };
}

/** Stands for a namespace that is not known, because kustomizations give several. */
const SEVERAL = '${namespace}';

function resourceOf(
  value: JsonObject,
  document: Document,
  at: Path,
  options: Pick<ReadOptions, 'namespace' | 'isNamespaceGiven'>,
): Resource {
  const metadata = asObject(value.metadata);
  const [apiVersion, kind, name, namespace] = [value.apiVersion, value.kind, metadata.name, metadata.namespace].map(asText);
  const isNamed = namespace !== '' || CLUSTERWIDE.has(kind);
  const taken = isNamed ? namespace : options.namespace;
  const isAssumed = !isNamed && taken !== '' && options.isNamespaceGiven !== true;
  return {
    apiVersion,
    kind,
    name,
    ...(taken !== '' && { namespace: taken }),
    ...(isAssumed && { hasAssumedNamespace: true }),
    value,
    document,
    at,
  };
}

/** The kind or version of an object that is filled in later, if the object could then be a policy; or the whole spec of a policy. */
function unrenderedIn({ kind, apiVersion, value }: Resource): { readonly sample: string; readonly field: string } | undefined {
  const [ofKind, ofVersion] = [placeholderIn(kind), placeholderIn(apiVersion)];
  if (ofKind !== undefined && (ofVersion !== undefined || isPolicyGroup(apiVersion))) {
    return { sample: ofKind, field: 'kind' };
  }
  if (ofVersion !== undefined && JUDGED.has(kind)) {
    return { sample: ofVersion, field: 'apiVersion' };
  }
  const [spec] = (['spec', 'specs'] as const).flatMap((field) =>
    [value[field], ...asList(value[field])]
      .map(asText)
      .flatMap((text) => placeholderIn(text) ?? [])
      .map((sample) => ({ sample, field })),
  );
  return isMeant({ kind, apiVersion }) ? spec : undefined;
}

function isPolicyGroup(apiVersion: string): boolean {
  return [...JUDGED.values()].some((versions) => versions.some((version) => version.split('/')[0] === apiVersion.split('/')[0]));
}

function textOf({ source: { text: whole = '' }, start, end }: Document): string {
  return whole.slice(start, end);
}
