/** The flags that commands share, and how flags and the settings file become settings. */
import { Command, Option } from 'commander';
import { CODES } from '../checks/registry';
import type { Source } from '../model/origin';
import { refused } from '../net/parsed';
import { MissingPath, ReadPathsOptions } from '../read/files';
import type { ReadProblem } from '../read/problem';
import type { Read } from '../read/read';
import type { Variables } from '../read/variables';
import { someOf } from '../report/findings/words';
import { problemText } from '../report/verdicts/warnings';
import { configIn, SettingsChoice, settleHere, settleSets, variablesIn } from '../settings/file';
import { refuseUnknown, Settings, Values } from '../settings/settings';
import { Failure, valueOrFail } from './failure';
import { say } from './output';

export interface CommonFlags {
  readonly cilium?: string;
  readonly config?: string;
  readonly namespace?: string;
  readonly values?: readonly string[];
  /** False for `--no-settings`. */
  readonly settings?: string | false;
  readonly set?: readonly string[];
  readonly followLinks?: boolean;
  readonly exclude?: readonly string[];
  readonly respectGitignore?: boolean;
}

export interface SelectionFlags {
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
}

export function withCommonFlags(command: Command): Command {
  return command
    .option('--cilium <minor>', 'the minor of Cilium: 1.18, 1.19 or 1.20 (default: the newest)')
    .option('--config <file>', "a file with a cilium-config ConfigMap, with its keys, or with values of Cilium's Helm chart")
    .option('--namespace <name>', 'the namespace of objects that name none (default: "default")')
    .option('--values <file>', 'values of placeholders: a file, or NAME=VALUE; can be repeated', severalOf)
    .option('--settings <file>', 'the settings file (default: cdk8s-cilium.yaml in this folder or above it in the repository)')
    .option('--set <name>', 'a set of the settings file instead of paths (default: all of them); can be repeated', severalOf)
    .option('--no-settings', 'read no settings file, whatever the repository has')
    .option('--exclude <pattern>', 'do not read these files and folders, in addition to those of the settings; can be repeated', severalOf)
    .option('--respect-gitignore', 'do not read what the .gitignore files of the repository name')
    .option('--follow-links', 'follow links that lead out of the given paths, and links to folders');
}

export function inventoryOption(): Option {
  return new Option(
    '--inventory <path>',
    'pods, nodes and services: manifests, or the output of `kubectl get … -o yaml`; can be repeated',
  ).argParser(severalOf);
}

/** Collects the values of a flag that can be repeated. */
export function severalOf(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** A flag that accepts codes, separated by commas or in repeated flags. */
export function codesOption(flag: string, description: string): Option {
  return new Option(`${flag} <codes>`, description).argParser<readonly string[]>((text, before) => [
    ...(before ?? []),
    ...text.split(',').map((code) => code.trim()),
  ]);
}

/** What is judged together, with its settings: the given paths, or a set of the settings file. */
export interface Job {
  /** The name of the set; `undefined` for paths. */
  readonly set?: string;
  readonly paths: readonly string[];
  readonly settings: Settings;
}

/** The jobs of a command. Without paths, they are the sets of the settings file. `help` says what else to give. */
export function jobsOf(paths: readonly string[], flags: CommonFlags & SelectionFlags, more: Values, help: string): readonly Job[] {
  const { set: names = [], settings } = flags;
  const choice: SettingsChoice = settings === undefined ? 'found' : settings === false ? 'none' : { file: settings };
  const values = valuesOf(flags, more);
  if (paths.length > 0) {
    if (names.length > 0) {
      throw new Failure('--set cannot be combined with paths', 'leave out one of the two');
    }
    return [{ paths, settings: valueOrFail(settleHere(CODES, values, choice)) }];
  }
  const sets = valueOrFail(settleSets(CODES, values, choice));
  const known = sets.map(({ name }) => name);
  if (sets.length === 0 && names.length > 0) {
    throw new Failure('there are no sets', 'list `sets` in the settings file');
  }
  valueOrFail(refuseUnknown('set', names, known));
  if (sets.length === 0) {
    throw new Failure('no files or folders are given', help);
  }
  return sets
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .map(({ name, paths: own, settings: settled }) => ({ set: name, paths: own, settings: settled }));
}

/** The settings that the flags give. */
function valuesOf({ cilium, config, namespace, values, exclude, select, ignore }: CommonFlags & SelectionFlags, more: Values): Values {
  const keys = config === undefined ? undefined : configIn(config);
  if (keys?.ok === false) {
    throw new Failure(
      keys.problem,
      keys.help ?? "give --config a file with a cilium-config ConfigMap, with its keys, or with values of Cilium's Helm chart",
    );
  }
  return { cilium, config: keys?.value, namespace, values: values && variablesOf(values), exclude, select, ignore, ...more };
}

/** The values of `--values`: a later one wins. */
function variablesOf(texts: readonly string[]): Variables {
  const all = texts.map((text) => {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text) ?? [];
    if (name !== undefined) {
      return Object.fromEntries([[name, value]]);
    }
    const parsed = variablesIn(text.includes('=') ? text.slice(0, text.indexOf('=')) : text);
    return valueOrFail(parsed.ok || parsed.help !== undefined ? parsed : refused(parsed.problem, HELP_OF_VALUES));
  });
  return Object.fromEntries(all.flatMap((one) => Object.entries(one)));
}

/** How paths are read. */
export function readOptionsOf({ followLinks, respectGitignore }: CommonFlags, { exclude }: Settings): ReadPathsOptions {
  return { followLinks, respectGitignore, exclude };
}

const HELP_OF_VALUES = 'give --values a file, or NAME=VALUE with a name of letters, digits and `_`';

/** Does a job. A failure names its set. */
export function doing<T>({ set }: Job, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof Failure && set !== undefined ? new Failure(`set ${set}: ${error.message}`, error.help) : error;
  }
}

/** Runs a function that reads paths. A path that does not exist is a failure. */
export function withPaths<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof MissingPath ? new Failure(error.message) : error;
  }
}

export interface PolicyFlags {
  readonly requirePolicies?: boolean;
}

/** Says that the input has no policy, which is a failure if the user requires one. */
export function expectPolicies(
  { policies }: Pick<Read, 'policies'>,
  paths: readonly string[],
  { requirePolicies = false }: PolicyFlags,
): void {
  if (policies.length > 0) {
    return;
  }
  const message = `no policies in ${quotedPaths(paths)}`;
  if (requirePolicies) {
    throw new Failure(message, 'check the paths, or leave out --require-policies');
  }
  say(`warning: ${message}`);
}

/** Fails if a part of the inventory was not read, for which nobody would look. */
export function expectInventory(unread: readonly ReadProblem[]): void {
  if (unread.length > 0) {
    throw new Failure(`the inventory cannot be read: ${problemText(unread[0])}`);
  }
}

/** Rejects standard input as the inventory of several sets: only one could read it. */
export function expectOneReader(jobs: readonly Job[], inventory: readonly string[] = []): void {
  if (jobs.length > 1 && inventory.includes('-')) {
    throw new Failure('standard input is an inventory of one input, and there are several sets', 'name one with --set, or give a file');
  }
}

/** Fails if the input is empty: the program that should have written it has failed. Comments alone are an input. */
export function expectDocuments({ documents, unchecked, sources }: Read, paths: readonly string[]): void {
  if (documents === 0 && unchecked === 0 && sources.every(({ text = '' }) => text.trim() === '')) {
    throw new Failure(`no documents in ${quotedPaths(paths)}`, helpOfUnread(sources));
  }
}

/** Names what was passed over, and by what, for an input that is empty without it. */
export function helpOfUnread(sources: readonly Source[]): string | undefined {
  const names = sources
    .filter(({ isSkipped, excludedBy }) => isSkipped === true || excludedBy !== undefined)
    .map(({ name, excludedBy }) => `${name}${excludedBy === undefined ? '' : ` (${excludedBy})`}`);
  return names.length === 0 ? undefined : `these were passed over: ${someOf(names, MOST_NAMED)}; name them to read them`;
}

const MOST_NAMED = 10;

export function quotedPaths(paths: readonly string[]): string {
  return paths.map((path) => `\`${path}\``).join(', ');
}
