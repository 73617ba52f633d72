/** The flags that commands share, and how they and the settings file become options. */
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { CODES } from '../checks/registry';
import type { AgentConfig } from '../model/config';
import { parseConfig } from '../read/config';
import { MissingPath } from '../read/files';
import { settleHere } from '../settings/file';
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
    .option('--config <file>', 'a cilium-config ConfigMap, or a file of its keys')
    .option('--namespace <name>', 'the namespace of what names none (default: "default")');
}

/** A flag that takes codes, with commas between them or by being given again. */
export function codesOption(flag: string, description: string): Option {
  return new Option(`${flag} <codes>`, description).argParser<readonly string[]>((text, before) => [
    ...(before ?? []),
    ...text.split(',').map((code) => code.trim()),
  ]);
}

/** What the flags say, and where they are silent the settings file. */
export function settingsOf({ cilium, config, namespace, select, ignore }: CommonFlags & SelectionFlags, more: Values = {}): Settings {
  const values = { cilium, config: config === undefined ? undefined : configIn(config), namespace, select, ignore, ...more };
  return valueOrFail(settleHere(CODES, values));
}

function configIn(file: string): AgentConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Failure(`there is no file \`${file}\``, 'give --config a cilium-config ConfigMap, or a file of its keys');
  }
  const parsed = parseConfig(text);
  if (!parsed.ok) {
    throw new Failure(`${file}: ${parsed.problem}`, parsed.help);
  }
  return parsed.value;
}

/** Runs what reads paths; a path that leads nowhere ends the run. */
export function withPaths<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof MissingPath ? new Failure(error.message) : error;
  }
}
