/**
 * Reads files and folders as sources.
 *
 * The folders may be a stranger's. A link leads nowhere unless the user has allowed it, so nothing outside of the given paths is read or written,
 * and everything that is passed over is a source without a text, which says why.
 */
import { Dirent, readdirSync, realpathSync, Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Source } from '../model/origin';
import type { Parsed } from '../net/parsed';
import { printable } from '../net/printable';
import { excluderOf, Exclusion, Exclusions, GITIGNORE, gitignoreIn, MAX_STEPS, repositoryAbove } from './exclusions';
import { readGiven, readRegular, readStdin, reasonOf } from './regular-file';

/** A given path cannot be read, so the run cannot start. */
export class MissingPath extends Error {
  public constructor(path: string, reason?: string) {
    super(printable(reason === undefined ? `no such file or folder \`${path}\`` : `\`${path}\` cannot be read: ${reason}`));
  }
}

/** The maximum size of a file, in bytes. */
export const MAX_FILE = 256 * 1024 * 1024;

/** The path that stands for standard input. */
const STDIN = '-';

export interface ReadPathsOptions {
  /** Whether links that lead out of the given paths, and links to folders, are followed. @default false */
  readonly followLinks?: boolean;
  /** What is not read, unless it is a given path itself. @default - nothing is excluded */
  readonly exclude?: readonly Exclusion[];
  /** Whether what the `.gitignore` files of a repository name is not read. @default false */
  readonly respectGitignore?: boolean;
}

/**
 * Reads files, all YAML and JSON files in folders and their subfolders, and standard input for `-`. The files of a folder are sorted by name, and
 * a file is read once, whatever the number of its names.
 *
 * Skips folders whose names begin with a dot, and `node_modules`. Follows links only to files in the given paths. A given file is read even if a
 * pattern excludes it.
 */
export function readPaths(paths: readonly string[], options: ReadPathsOptions = {}): readonly Source[] {
  const finder = new Finder(paths.filter((path) => path !== STDIN).map(givenPath), options);
  return paths.includes(STDIN) ? withStdin(paths, finder) : finder.sources();
}

/** Standard input comes first if the user has written it first, and otherwise last. */
function withStdin(paths: readonly string[], finder: Finder): readonly Source[] {
  const stdin: Source = { name: STDIN, ...textOf(readStdin(MAX_FILE)) };
  return paths[0] === STDIN ? [stdin, ...finder.sources()] : [...finder.sources(), stdin];
}

/** A path that the user has given. */
interface GivenPath {
  readonly path: string;
  readonly stats: Stats;
  /** Empty for a pipe, which has none. */
  readonly real: string;
  /** Whether a link is part of the path. */
  readonly isLinked: boolean;
}

function givenPath(path: string): GivenPath {
  try {
    const stats = statSync(path);
    const isPipe = !stats.isFile() && !stats.isDirectory();
    return { path, stats, ...(isPipe ? { real: '', isLinked: false } : resolved(path)) };
  } catch (error) {
    throw new MissingPath(path, (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : reasonOf(error));
  }
}

function resolved(path: string): Pick<GivenPath, 'real' | 'isLinked'> {
  const real = realpathSync(path);
  const here = realpathSync('.');
  return { real, isLinked: ![resolve(here, path), ...otherNames(path, here)].includes(real) };
}

/** Where an absolute path leads if the links in it are the user's: those to the working folder, and those of macOS to `/private`. */
function otherNames(path: string, here: string): readonly string[] {
  const { PWD = here } = process.env;
  const isHere = isAbsolute(path) && isInside([resolve(PWD)], resolve(path)) && realpathSync(PWD) === here;
  return [join('/private', resolve(path)), ...(isHere ? [resolve(here, relative(PWD, path))] : [])];
}

/** A file that will be read. */
interface FoundFile {
  readonly name: string;
  readonly real: string;
  /** Whether a link leads to it, so that it is not written. */
  readonly isLinked: boolean;
  /** Whether it lies outside of what the user has given, so that nothing of it is quoted. */
  readonly isPrivate: boolean;
}

/** What happens to a run with hostile patterns: it reads too much, and says so. */
const TOO_LONG = 'the patterns that exclude files take too long, and exclude nothing from here on';

/** Finds files, each once. */
class Finder {
  /** By real path. */
  private readonly files = new Map<string, FoundFile>();
  private readonly others: Source[] = [];
  private readonly visited = new Set<string>();
  /** Links to folders come last, so that a folder has its own name if both are found. */
  private readonly linkedFolders: string[] = [];
  /** The real paths of what the user has given. */
  private readonly roots: readonly string[];
  /** What may be quoted if a link leads there. */
  private readonly own: readonly string[];
  private readonly steps = { left: MAX_STEPS };

  public constructor(
    given: readonly GivenPath[],
    private readonly options: ReadPathsOptions,
  ) {
    this.roots = given.filter(({ real }) => real !== '').map(({ real }) => real);
    this.own = [...given.filter(({ isLinked, real }) => !isLinked && real !== '').map(({ real }) => real), ...workingFolder()];
    given.forEach((one) => this.given(one));
    for (let folder = this.linkedFolders.shift(); folder !== undefined; folder = this.linkedFolders.shift()) {
      this.root(folder, realpathSync(folder), true);
    }
  }

  /** In the order in which they were found; what was not read comes last. */
  public sources(): readonly Source[] {
    const late: readonly Source[] = this.steps.left > 0 ? [] : [{ name: 'exclude', problem: TOO_LONG }];
    return [...[...this.files.values()].map(readFound), ...this.others, ...late];
  }

  private given({ path, stats, real, isLinked }: GivenPath): void {
    if (stats.isDirectory()) {
      this.root(path, real, isLinked);
    } else if (stats.isFile()) {
      this.file(path, real, isLinked);
    } else {
      this.others.push({ name: shownName(path), ...textOf(readGiven(path, MAX_FILE)) });
    }
  }

  /** A folder from which files are found. */
  private root(path: string, real: string, isLinked: boolean): void {
    const { exclude = [], respectGitignore = false } = this.options;
    const above = respectGitignore ? repositoryAbove(real).flatMap((folder) => this.gitignore(folder)) : [];
    this.folder(path, real, isLinked, [exclude, ...above]);
  }

  /** The real path of what is in a folder, and no link, is known without asking the system, which would look at each folder above it again. */
  private folder(path: string, real: string, isLinked: boolean, above: Exclusions): void {
    const entries = this.entriesOf(path, real);
    const lists = this.options.respectGitignore === true ? this.listsIn(real, entries, above) : above;
    for (const entry of entries) {
      const exclusion = excluderOf(join(real, entry.name), entry.isDirectory(), lists, this.steps);
      if (exclusion === undefined) {
        this.entry(entry, join(path, entry.name), join(real, entry.name), isLinked, lists);
      } else if (entry.isDirectory() || hasManifestName(entry.name)) {
        const { by, isUnasked = false } = exclusion;
        this.others.push({ name: shownName(join(path, entry.name)), excludedBy: by, ...(isUnasked && { isExcludedUnasked: true }) });
      }
    }
  }

  /** What is excluded in a folder. A repository in another one does not know its patterns. */
  private listsIn(real: string, entries: readonly Dirent[], above: Exclusions): Exclusions {
    const own = entries.some(({ name }) => name === GITIGNORE) ? this.gitignore(real) : [];
    return entries.some(({ name }) => name === '.git') ? [above[0], ...own] : [...above, ...own];
  }

  private gitignore(folder: string): Exclusions {
    const name = shownName(join(relative(realpathSync('.'), folder), GITIGNORE));
    const patterns = gitignoreIn(folder, name);
    if (!patterns.ok) {
      this.others.push({ name, problem: `the file cannot be read: ${patterns.problem}` });
      return [];
    }
    return patterns.value.length === 0 ? [] : [patterns.value];
  }

  /** None if the folder was visited before. */
  private entriesOf(path: string, real: string): readonly Dirent[] {
    try {
      const entries = this.visited.has(real) ? [] : readdirSync(path, { withFileTypes: true });
      this.visited.add(real);
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      this.others.push({ name: shownName(path), problem: `the folder cannot be read: ${reasonOf(error)}` });
      return [];
    }
  }

  private entry(entry: Dirent, path: string, real: string, isLinked: boolean, lists: Exclusions): void {
    if (entry.isSymbolicLink()) {
      this.link(entry.name, path);
    } else if (entry.isDirectory()) {
      if (isSkipped(entry.name)) {
        this.passOver(entry.name, path);
      } else {
        this.folder(path, real, isLinked, lists);
      }
    } else if (!hasManifestName(entry.name)) {
      return;
    } else if (entry.isFile()) {
      this.file(path, real, isLinked);
    } else {
      this.others.push({ name: shownName(path), problem: 'the file cannot be read: it is not a regular file' });
    }
  }

  private link(name: string, path: string): void {
    const problem = (text: string) => this.others.push({ name: shownName(path), problem: text });
    try {
      const stats = statSync(path);
      const real = realpathSync(path);
      if (stats.isDirectory()) {
        this.linkedFolder(name, path);
      } else if (!hasManifestName(name)) {
        return;
      } else if (!stats.isFile()) {
        problem('the link leads to something that is not a regular file');
      } else if (this.options.followLinks === true || isInside(this.roots, real)) {
        this.file(path, real, true);
      } else {
        problem('the link leads out of the given paths, and is not followed');
      }
    } catch (error) {
      if (hasManifestName(name)) {
        problem(`the link cannot be followed: ${reasonOf(error)}`);
      }
    }
  }

  private linkedFolder(name: string, path: string): void {
    if (this.options.followLinks === true && !isSkipped(name)) {
      this.linkedFolders.push(path);
    } else {
      this.passOver(name, path);
    }
  }

  private passOver(name: string, path: string): void {
    // Nobody can put a file into git's own folder by a pull request, and every repository has one.
    if (name !== '.git') {
      this.others.push({ name: shownName(path), isSkipped: true });
    }
  }

  private file(path: string, real: string, isLinked: boolean): void {
    const known = this.files.get(real);
    if (known === undefined || (known.isLinked && !isLinked)) {
      const isPrivate = isLinked && !isInside(this.own, real);
      this.files.set(real, { name: shownName(path), real, isLinked, isPrivate });
    }
  }
}

/** The real path of the working folder, unless the user's own files are in it too. */
function workingFolder(): readonly string[] {
  const [real, home] = [realpathSync('.'), homeFolder()];
  return home !== undefined && isInside([real], home) ? [] : [real];
}

/** The user's home; `undefined` if the system knows none, as in a container with a user of its own. */
export function homeFolder(): string | undefined {
  try {
    return resolve(homedir());
  } catch {
    return undefined;
  }
}

function isInside(folders: readonly string[], real: string): boolean {
  return folders.some((folder) => real === folder || real.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`));
}

export function isSkipped(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

/** Kustomize also reads the name without an extension. */
export function hasManifestName(name: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(name) || name === 'Kustomization';
}

/** Only on Windows is a backslash not a character of a name. */
function shownName(path: string): string {
  return sep === '\\' ? path.replaceAll('\\', '/') : path;
}

function readFound({ name, real, isLinked, isPrivate }: FoundFile): Source {
  return {
    name,
    ...textOf(readRegular(real, MAX_FILE)),
    ...(!isLinked && { file: real }),
    ...(isPrivate && { isPrivate }),
  };
}

function textOf(bytes: Parsed<Buffer>): Pick<Source, 'text' | 'problem'> {
  return bytes.ok ? decode(bytes.value) : { problem: `the file cannot be read: ${bytes.problem}` };
}

function decode(bytes: Buffer): Pick<Source, 'text' | 'problem'> {
  const isUtf16 = bytes.length > 1 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff));
  if (isUtf16) {
    return { problem: 'the file is encoded in UTF-16; save it as UTF-8' };
  }
  const text = bytes.toString('utf8');
  // Invalid bytes become U+FFFD. A text that contains U+FFFD is compared with its bytes, because the file itself may contain that character.
  return text.includes('\ufffd') && !Buffer.from(text).equals(bytes) ? { problem: 'the file is not valid UTF-8' } : { text };
}
