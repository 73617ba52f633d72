/**
 * What the files of a repository say of one another: which are patches of kustomize or templates of a Helm chart, and which namespace kustomize or
 * Flux gives to the objects of a file.
 *
 * Only files that were read count, and nothing is built: what needs `kustomize build` to be known is said to be unknown.
 */
import { asList, asObject, asText, isObject, JsonObject } from '../model/json';
import type { Source } from '../model/origin';
import { documentsOf } from './documents';
import { placeholderIn } from './placeholders';
import { parseDocument } from './places';
import { ExcessiveAliasing, toJson } from './yaml/json';

/** What is around a file. */
export interface Surrounding {
  /** What the file is, if it holds no manifests of its own. */
  readonly role?: 'patch' | 'chart';
  /** The namespaces that kustomizations, of kustomize or of Flux, give to its objects; `undefined` among them for a kustomization that gives none. Empty if none gives one. */
  readonly namespaces: ReadonlySet<string | undefined>;
  /** Whether a kustomization in its folder does not name it, nor does another one: then nothing says that it is applied. @default false */
  readonly isLeftOut?: true;
}

/** A kustomization, with the folder that its paths are relative to. */
interface Kustomization {
  readonly folder: string;
  readonly value: JsonObject;
}

/** A Kustomization of Flux: it builds the kustomization of a folder, with another namespace if it has a `targetNamespace`. */
interface Applied {
  /** The folder of the file that it is in. */
  readonly folder: string;
  /** From the root of the repository, which is some folder above. */
  readonly path: string;
  readonly namespace: string | undefined;
}

/** What is around each source. It is found once for a source, because a file may have many documents and objects. */
export function surroundingsOf(sources: readonly Source[]): ReadonlyMap<Source, Surrounding> {
  const kustomizations = sources.filter(mayKustomize).flatMap(kustomizationsIn).slice(0, MOST_KUSTOMIZATIONS);
  const applied = sources.filter(mayApply).flatMap(appliedIn).slice(0, MOST_KUSTOMIZATIONS);
  const charts = new Set(
    sources
      .map(({ name }) => normal(name))
      .filter((path) => CHART.test(path))
      .map(folderOf),
  );
  const resources = new Set(kustomizations.flatMap((one) => targetsOf(one, resourcesIn)));
  const patches = new Set(kustomizations.flatMap((one) => targetsOf(one, patchesIn)));
  const folders = new Set(kustomizations.map(({ folder }) => folder));
  const namespaces = namespacesFrom(
    kustomizations,
    resources,
    applied,
    sources.map(({ name }) => normal(name)),
  );
  return new Map(
    sources.map((source) => {
      const path = normal(source.name);
      const role = patches.has(path) && !resources.has(path) ? 'patch' : isTemplate(path, charts) ? 'chart' : undefined;
      const isLeftOut = folders.has(folderOf(path)) && !resources.has(path) && !FILE.test(path);
      return [source, { namespaces: namespaces.get(path) ?? NONE, ...(role !== undefined && { role }), ...(isLeftOut && { isLeftOut }) }];
    }),
  );
}

/** Whether a path is below `templates/` of a chart. */
function isTemplate(path: string, charts: ReadonlySet<string>): boolean {
  for (let at = path.indexOf('templates/'); charts.size > 0 && at >= 0; at = path.indexOf('templates/', at + 1)) {
    if (at === 0 ? charts.has('') : path[at - 1] === '/' && charts.has(path.slice(0, at - 1))) {
      return true;
    }
  }
  return false;
}

const CHART = /(?:^|\/)Chart\.ya?ml$/;

const NONE: ReadonlySet<undefined> = new Set();

/** More than these are only in hostile repositories. */
const MOST_KUSTOMIZATIONS = 10_000;

/** The largest text that is looked at for a kustomization, in characters. */
const MOST_CHARACTERS = 1_000_000;

const FILE = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;

function mayKustomize({ name, text = '' }: Source): boolean {
  return text.length <= MOST_CHARACTERS && (FILE.test(name) || text.includes('kustomize.config.k8s.io/'));
}

function mayApply({ text = '' }: Source): boolean {
  return text.length <= MOST_CHARACTERS && text.includes('kustomize.toolkit.fluxcd.io/') && text.includes('targetNamespace');
}

/** A path with a value that is filled in later leads nowhere, and one to the root of the repository says nothing of a file. */
function appliedIn(source: Source): readonly Applied[] {
  const folder = folderOf(normal(source.name));
  return documentsOf(source).flatMap((document): Applied[] => {
    const { apiVersion, kind, spec } = valueOf(document);
    const { path, targetNamespace } = asObject(spec);
    const isMeant = asText(apiVersion).startsWith('kustomize.toolkit.fluxcd.io/') && kind === 'Kustomization';
    const target = joined('', asText(path).replace(/^\/+/, ''));
    const isKnown = target !== undefined && target !== '' && placeholderIn(target) === undefined;
    return isMeant && isKnown ? [{ folder, path: target, namespace: asText(targetNamespace) || undefined }] : [];
  });
}

/** The file of a kustomization needs neither version nor kind. */
function kustomizationsIn(source: Source): readonly Kustomization[] {
  const folder = folderOf(normal(source.name));
  return documentsOf(source).flatMap((document) => {
    const value = valueOf(document);
    const isMeant =
      asText(value.apiVersion).startsWith('kustomize.config.k8s.io/') || (FILE.test(source.name) && value.apiVersion === undefined);
    return isMeant ? [{ folder, value }] : [];
  });
}

function valueOf(document: Parameters<typeof parseDocument>[0]): JsonObject {
  const { root, hasAliases } = parseDocument(document);
  try {
    return root === undefined ? {} : asObject(toJson(root, hasAliases));
  } catch (error) {
    if (error instanceof ExcessiveAliasing) {
      return {};
    }
    throw error;
  }
}

/** The places that the paths in a kustomization lead to. */
function targetsOf({ folder, value }: Kustomization, pathsIn: (value: JsonObject) => readonly string[]): readonly string[] {
  return pathsIn(value).flatMap((path) => joined(folder, path) ?? []);
}

function resourcesIn(value: JsonObject): readonly string[] {
  return ['resources', 'bases', 'components'].flatMap((field) => asList(value[field]).map(asText));
}

/** A strategic merge patch may also be written in place, as a text of several lines. */
function patchesIn(value: JsonObject): readonly string[] {
  const objects = [...asList(value.patches), ...asList(value.patchesJson6902)].filter(isObject).map(({ path }) => asText(path));
  return [...objects, ...asList(value.patchesStrategicMerge).map(asText)].filter((path) => !path.includes('\n'));
}

/**
 * The namespaces of each file, from every kustomization that no other one includes. The outermost that names a namespace wins. Where there is too
 * much to look at, no namespace is known.
 */
function namespacesFrom(
  all: readonly Kustomization[],
  included: ReadonlySet<string>,
  applied: readonly Applied[],
  files: readonly string[],
): ReadonlyMap<string, ReadonlySet<string | undefined>> {
  const byFolder = new Map(all.map((one) => [one.folder, one]));
  const targets = new Map(all.map((one) => [one, targetsOf(one, resourcesIn)]));
  const found = new Map<string, Set<string | undefined>>();
  let steps = 0;
  const built = new Set<string>();
  for (const one of applied) {
    for (const root of rootsOf(one.folder)) {
      apply(root === '' ? one.path : `${root}/${one.path}`, one.namespace);
    }
  }
  for (const root of all.filter(({ folder }) => !included.has(folder) && !built.has(folder))) {
    visit(root, undefined, new Set());
  }
  return steps > MOST_STEPS ? new Map([...included].map((path) => [path, SEVERAL])) : withNames(found);

  /** Where a folder has no kustomization, Flux makes one with all of its files. */
  function apply(folder: string, namespace: string | undefined): void {
    const kustomization = byFolder.get(folder);
    if (kustomization !== undefined) {
      built.add(folder);
      visit(kustomization, namespace, new Set());
      return;
    }
    steps += files.length;
    for (const file of steps > MOST_STEPS ? [] : files.filter((name) => name.startsWith(`${folder}/`))) {
      found.set(file, (found.get(file) ?? new Set()).add(namespace));
    }
  }

  function visit(kustomization: Kustomization, outer: string | undefined, above: ReadonlySet<string>): void {
    const { folder, value } = kustomization;
    if (above.has(folder) || above.size > MOST_LEVELS || steps > MOST_STEPS) {
      return;
    }
    steps += above.size;
    const own = asText(value.namespace);
    const namespace = outer ?? (own === '' ? undefined : own);
    const here = new Set([...above, folder]);
    for (const target of targets.get(kustomization)!) {
      steps += 1;
      const inner = byFolder.get(target);
      if (inner === undefined) {
        found.set(target, (found.get(target) ?? new Set()).add(namespace));
      } else {
        visit(inner, namespace, here);
      }
    }
  }
}

/** The folders that may be the root of the repository of a file: its own, and those above. */
function rootsOf(folder: string): readonly string[] {
  const steps = folder.split('/');
  return folder === '' ? [''] : ['', ...steps.map((_, i) => steps.slice(0, i + 1).join('/'))];
}

/** Without the files that no kustomization gives a namespace. */
function withNames(found: ReadonlyMap<string, ReadonlySet<string | undefined>>): ReadonlyMap<string, ReadonlySet<string | undefined>> {
  return new Map([...found].filter(([, namespaces]) => [...namespaces].some((one) => one !== undefined)));
}

/** No object is in a namespace without a name, so an object that may be in one is in a namespace that is not known. */
const SEVERAL: ReadonlySet<string | undefined> = new Set([undefined, '']);

/** How deep kustomizations may include one another. */
const MOST_LEVELS = 100;

/** Bases that include bases are visited once for each way to them. */
const MOST_STEPS = 1_000_000;

/** A path relative to a folder; `undefined` for none, an absolute one or an address. */
function joined(folder: string, path: string): string | undefined {
  return path === '' || path.startsWith('/') || path.includes('://') || path.includes('?')
    ? undefined
    : normal(`${folder}/${path}`, folder === '');
}

/** A path without `.`, inner `..` and empty steps. */
function normal(path: string, isRelative = false): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') {
      steps.pop();
    } else if (step !== '' && step !== '.') {
      steps.push(step);
    }
  }
  return `${path.startsWith('/') && !isRelative ? '/' : ''}${steps.join('/')}`;
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
