/** Policies, settings and an inventory → a simulation: what the command line, the guard and the matchers have in common. */
import { parseOptions } from '../checks/options';
import type { AgentConfig } from '../model/config';
import { accepted, Parsed, refused } from '../net/parsed';
import { MissingPath, readPaths } from '../read/files';
import type { Names } from '../read/inventory';
import { Read, readSources } from '../read/read';
import { findSettings } from '../read/settings';
import { parseSimulationOptions } from './options';
import { simulate, Simulation } from './simulation';
import { unreadIn } from './warnings';

export interface OpenOptions {
  /** @default - what the settings file says, or the newest minor that is known */
  readonly cilium?: string;
  /** @default - what the settings file says, or the defaults of Cilium's Helm chart */
  readonly config?: AgentConfig;
  /** Files and folders. @default - what the settings file says, or none */
  readonly inventory?: readonly string[];
  /** What DNS answers, by name. @default - nothing */
  readonly names?: Names;
  /** Of what names none, in the inventory. @default - what the settings file says, or `default` */
  readonly namespace?: string;
}

/** Opens a simulation; refused is an option that is none. Policies in the inventory do not count: there it is the cluster that is asked for. */
export function openSimulation(read: Read, options: OpenOptions = {}): Parsed<Simulation> {
  const settings = findSettings('.');
  if (!settings.ok) {
    return settings;
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as OpenOptions;
  const { inventory = [], names, ...rest } = { ...settings.value, ...given };
  const parsed = parseOptions(rest);
  if (!parsed.ok) {
    return parsed;
  }
  const { cilium, config, namespace } = parsed.value;
  const asked = parseSimulationOptions({
    cilium: cilium === undefined || typeof cilium === 'string' ? cilium : cilium.join('..'),
    config,
    names,
  });
  if (!asked.ok) {
    return asked;
  }
  const cluster = readInventoryAt(inventory, namespace);
  return cluster.ok
    ? simulate(
        {
          policies: [...read.policies, ...cluster.value.policies.filter(isGroup)],
          others: [...read.others, ...cluster.value.others],
          problems: read.problems,
        },
        asked.value,
      )
    : cluster;
}

function isGroup({ kind }: Read['policies'][number]): boolean {
  return kind === 'CiliumCIDRGroup';
}

/** Without the whole of it answers would be wrong: what cannot be read is refused. */
function readInventoryAt(paths: readonly string[], namespace = 'default'): Parsed<Read> {
  if (!Array.isArray(paths) || paths.some((path) => typeof path !== 'string')) {
    return refused('`inventory` is no list of paths');
  }
  try {
    const read = readSources(paths.length === 0 ? [] : readPaths(paths), { namespace });
    const [unread] = unreadIn(read.problems);
    return unread === undefined ? accepted(read) : refused(`the inventory cannot be read: ${unread}`);
  } catch (error) {
    if (error instanceof MissingPath) {
      return refused(error.message, 'name files or folders with pods, nodes, services');
    }
    throw error;
  }
}
