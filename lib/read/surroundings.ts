/**
 * What the files of a repository say of one another: which are patches of kustomize or templates of a Helm chart, and which namespace kustomize gives
 * to the objects of a file.
 *
 * Only files that were read count, and nothing is built: what needs `kustomize build` to be known is said to be unknown.
 */
import { asList, asObject, asText, isObject, JsonObject } from '../model/json';
import type { Source } from '../model/origin';
import { documentsOf } from './documents';
import { parseDocument } from './places';
import { ExcessiveAliasing, toJson } from './yaml/json';

export interface Surroundings {
  /** What a file is, if it holds no manifests of its own. */
  roleOf(source: Source): 'patch' | 'chart' | undefined;
  /** The namespaces that kustomizations give to the objects of a file; `undefined` among them for one that gives none. */
  namespacesOf(source: Source): ReadonlySet<string | undefined>;
}

/** A kustomization, with the folder that its paths are relative to. */
interface Kustomization {
  readonly folder: string;
  readonly value: JsonObject;
}

export function surroundingsOf(sources: readonly Source[]): Surroundings {
  const kustomizations = sources.filter(mayKustomize).flatMap(kustomizationsIn).slice(0, MOST_KUSTOMIZATIONS);
  const charts = new Set(sources.filter(({ name }) => /(?:^|\/)Chart\.ya?ml$/.test(name)).map(({ name }) => folderOf(normal(name))));
  const namespaces = namespacesFrom(kustomizations);
  const resources = new Set(
    kustomizations.flatMap(({ folder, value }) => pathsIn(value, RESOURCES).flatMap((path) => joined(folder, path) ?? [])),
  );
  const patches = new Set(kustomizations.flatMap(({ folder, value }) => patchesIn(value).flatMap((path) => joined(folder, path) ?? [])));
  const isTemplate = (path: string) => [...charts].some((chart) => path.startsWith(`${chart === '' ? '' : `${chart}/`}templates/`));
  return {
    roleOf: ({ name }) => {
      const path = normal(name);
      if (patches.has(path) && !resources.has(path)) {
        return 'patch';
      }
      return charts.size > 0 && isTemplate(path) ? 'chart' : undefined;
    },
    namespacesOf: ({ name }) => namespaces.get(normal(name)) ?? NONE,
  };
}

const NONE: ReadonlySet<undefined> = new Set();

/** More than these are only in hostile repositories. */
const MOST_KUSTOMIZATIONS = 10_000;

/** The largest text that is looked at for a kustomization, in characters. */
const MOST_CHARACTERS = 1_000_000;

const RESOURCES = ['resources', 'bases', 'components'];

const FILE = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;

function mayKustomize({ name, text = '' }: Source): boolean {
  return text.length <= MOST_CHARACTERS && (FILE.test(name) || text.includes('kustomize.config.k8s.io/'));
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

function pathsIn(value: JsonObject, fields: readonly string[]): readonly string[] {
  return fields.flatMap((field) => asList(value[field]).map(asText)).filter((path) => path !== '');
}

/** A strategic merge patch may also be written in place, as a text of several lines. */
function patchesIn(value: JsonObject): readonly string[] {
  const objects = [...asList(value.patches), ...asList(value.patchesJson6902)].filter(isObject).map(({ path }) => asText(path));
  return [...objects, ...pathsIn(value, ['patchesStrategicMerge'])].filter((path) => path !== '' && !path.includes('\n'));
}

/** The namespaces of each file, from every kustomization that no other one includes. The outermost that names a namespace wins. */
function namespacesFrom(all: readonly Kustomization[]): ReadonlyMap<string, ReadonlySet<string | undefined>> {
  const byFolder = new Map(all.map((one) => [one.folder, one]));
  const found = new Map<string, Set<string | undefined>>();
  const included = new Set(all.flatMap(({ folder, value }) => pathsIn(value, RESOURCES).flatMap((path) => joined(folder, path) ?? [])));
  let visits = 0;
  for (const root of all.filter(({ folder }) => !included.has(folder))) {
    visit(root, undefined, new Set());
  }
  return found;

  function visit({ folder, value }: Kustomization, outer: string | undefined, above: ReadonlySet<string>): void {
    visits += 1;
    if (above.has(folder) || above.size > MOST_LEVELS || visits > MOST_VISITS) {
      return;
    }
    const own = asText(value.namespace);
    const namespace = outer ?? (own === '' ? undefined : own);
    for (const path of pathsIn(value, RESOURCES)) {
      const target = joined(folder, path);
      const inner = target === undefined ? undefined : byFolder.get(target);
      if (inner !== undefined) {
        visit(inner, namespace, new Set([...above, folder]));
      } else if (target !== undefined) {
        found.set(target, (found.get(target) ?? new Set()).add(namespace));
      }
    }
  }
}

/** How deep kustomizations may include one another. */
const MOST_LEVELS = 100;

/** Bases that include bases are visited once for each way to them. */
const MOST_VISITS = 100_000;

/** A path relative to a folder; `undefined` for an absolute one or an address. */
function joined(folder: string, path: string): string | undefined {
  return path.startsWith('/') || path.includes('://') || path.includes('?') ? undefined : normal(`${folder}/${path}`, folder === '');
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
