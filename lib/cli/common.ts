/** The flags that commands share, and how flags and the settings file become settings. */
import { Command, Option } from 'commander';
import { CODES } from '../checks/registry';
import { MissingPath } from '../read/files';
import { configIn, settleHere } from '../settings/file';
import type { Settings, Values } from '../settings/settings';
import { Failure, valueOrFail } from './failure';

export interface CommonFlags {
  readonly cilium?: string;
  readonly config?: string;
  readonly namespace?: string;
}

export interface SelectionFlags {
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
}

export function withCommonFlags(command: Command): Command {
  return command
    .option('--cilium <minor>', 'the minor of Cilium: 1.18, 1.19 or 1.20 (default: the newest)')
    .option('--config <file>', 'a file with a cilium-config ConfigMap, or with its keys')
    .option('--namespace <name>', 'the namespace of objects that name none (default: "default")');
}

/** A flag that accepts codes, separated by commas or in repeated flags. */
export function codesOption(flag: string, description: string): Option {
  return new Option(`${flag} <codes>`, description).argParser<readonly string[]>((text, before) => [
    ...(before ?? []),
    ...text.split(',').map((code) => code.trim()),
  ]);
}

/** The settings from the flags, and from the settings file for flags that are not given. */
export function settingsOf({ cilium, config, namespace, select, ignore }: CommonFlags & SelectionFlags, more: Values = {}): Settings {
  const help = 'give --config a file with a cilium-config ConfigMap, or with its keys';
  const keys = config === undefined ? undefined : valueOrFail(configIn(config, help));
  return valueOrFail(settleHere(CODES, { cilium, config: keys, namespace, select, ignore, ...more }));
}

/** Runs a function that reads paths. A path that does not exist is a failure. */
export function withPaths<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof MissingPath ? new Failure(error.message) : error;
  }
}
