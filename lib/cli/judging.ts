/** The flags and steps of commands that judge policies over a cluster. */
import type { Command } from 'commander';
import type { Source } from '../model/origin';
import { groupedBy } from '../net/grouped';
import { readPaths } from '../read/files';
import { readSources } from '../read/read';
import { warningText } from '../report/verdicts/warnings';
import type { Values } from '../settings/settings';
import { openWithInventory } from '../snapshot/from-files';
import type { Snapshot } from '../snapshot/snapshot';
import type { Verdicts } from '../snapshot/verdicts';
import {
  CommonFlags,
  expectDocuments,
  expectInventory,
  expectPolicies,
  inventoryOption,
  Job,
  jobsOf,
  PolicyFlags,
  readOptionsOf,
  severalOf,
  withPaths,
} from './common';
import { Failure, valueOrFail } from './failure';
import { say } from './output';

export interface JudgingFlags extends CommonFlags, PolicyFlags {
  readonly name?: readonly string[];
  readonly inventory?: readonly string[];
  readonly withInventoryPolicies?: boolean;
  readonly verbose?: boolean;
}

export function withJudgingFlags(command: Command): Command {
  return command
    .option(
      '--name <name=address>',
      'the address that DNS returns for a name, for example api.example.com=192.0.2.1; can be repeated',
      severalOf,
    )
    .addOption(inventoryOption())
    .option('--with-inventory-policies', 'count the policies of the inventory too, unless a policy of the same name is given')
    .option('--require-policies', 'fail if the input has no policy')
    .option('-v, --verbose', 'print every warning, and not only the first ten of a kind');
}

/** The settings that the flags give. */
export function moreOf({ inventory, name }: JudgingFlags): Values {
  return { inventory, names: name && namesOf(name) };
}

/** The policies to judge: those of the paths, or each set of the settings file. */
export function judgedJobs(paths: readonly string[], flags: JudgingFlags): readonly Job[] {
  return jobsOf(
    paths,
    flags,
    moreOf(flags),
    'name files or folders with policies, or `-` for standard input, or list `sets` in the settings file',
  );
}

export function verdictsOver(job: Job, flags: JudgingFlags): Verdicts {
  return valueOrFail(snapshotOver(job, flags).verdicts());
}

export function snapshotOver({ paths, settings }: Job, flags: JudgingFlags): Snapshot {
  const sources = withPaths(() => readPaths(paths, readOptionsOf(flags, settings)));
  return snapshotOf(sources, { paths, settings }, flags);
}

/** The verdicts over texts; the paths are those of which messages speak. */
export function verdictsOfSources(sources: readonly Source[], job: Job, flags: JudgingFlags, mayBeEmpty = false): Verdicts {
  return valueOrFail(snapshotOf(sources, job, flags, mayBeEmpty).verdicts());
}

export function snapshotOf(sources: readonly Source[], { paths, settings }: Job, flags: JudgingFlags, mayBeEmpty = false): Snapshot {
  const { snapshot, unread } = withPaths(() =>
    openWithInventory(readSources(sources, settings), settings, {
      followLinks: flags.followLinks,
      withInventoryPolicies: flags.withInventoryPolicies,
    }),
  );
  if (!mayBeEmpty) {
    expectDocuments(snapshot.read, paths);
  }
  expectInventory(unread);
  if (!mayBeEmpty) {
    expectPolicies(snapshot.read, paths, flags);
  }
  return snapshot;
}

/** Prints the warnings, of each kind the first ten. */
export function sayWarnings({ warnings }: Verdicts, { verbose = false }: JudgingFlags, set?: string): void {
  for (const [, same] of groupedBy(warnings, ({ is }) => is)) {
    const shown = verbose ? same : same.slice(0, MOST_SHOWN);
    const more = same.length - shown.length;
    const lines = [...shown.map(warningText), ...(more === 0 ? [] : [`${more} more of this kind, which \`--verbose\` prints`])];
    lines.forEach((line) => say(`warning: ${set === undefined ? '' : `${set}: `}${line}`));
  }
}

const MOST_SHOWN = 10;

function namesOf(texts: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const names = new Map<string, readonly string[]>();
  for (const text of texts) {
    const [, name, addresses] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined) {
      throw new Failure(`\`${text}\` is not a name with an address`, 'write for example `--name api.example.com=192.0.2.1`');
    }
    names.set(name, [...(names.get(name) ?? []), ...addresses.split(',')]);
  }
  return Object.fromEntries(names);
}
