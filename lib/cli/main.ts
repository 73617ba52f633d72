#!/usr/bin/env node
/** The entry point of the command line. Each command is in its own file, which is loaded on demand. */
import { Command, CommanderError } from 'commander';
import { Failure } from './failure';

const COMMANDS: Readonly<Record<string, () => Command>> = {
  check: () => (require('./check') as typeof import('./check')).checkCommand(),
  verdict: () => (require('./verdict') as typeof import('./verdict')).verdictCommand(),
  reach: () => (require('./reach') as typeof import('./reach')).reachCommand(),
  'who-can': () => (require('./reach') as typeof import('./reach')).whoCanCommand(),
  'where-can': () => (require('./reach') as typeof import('./reach')).whereCanCommand(),
  diff: () => (require('./diff') as typeof import('./diff')).diffCommand(),
  budget: () => (require('./budget') as typeof import('./budget')).budgetCommand(),
  prove: () => (require('./prove') as typeof import('./prove')).proveCommand(),
  explain: () => (require('./explain') as typeof import('./explain')).explainCommand(),
  batch: () => (require('./batch') as typeof import('./batch')).batchCommand(),
};

/** Runs a command with its arguments. The command sets exit code 0 or 1; the code is 2 if the command could not run. */
export async function main(words: readonly string[]): Promise<void> {
  // EPIPE: the reader of the output has closed the pipe, which is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));
  try {
    const asked = normalised(words);
    await program(asked).parseAsync([...asked], { from: 'user' });
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** `help verdict` means `verdict --help`. An unknown command is an error even if it is followed by `--help`. */
function normalised(words: readonly string[]): readonly string[] {
  const asked = words[0] === 'help' && words.length > 1 ? [words[1], '--help'] : words;
  const [name = '-'] = asked;
  return name === 'help' || name.startsWith('-') || Object.hasOwn(COMMANDS, name) ? asked : [name];
}

/** The program with the requested command, or with all commands for the help and for suggestions. */
function program([asked = '']: readonly string[]): Command {
  const commands = Object.hasOwn(COMMANDS, asked) ? [COMMANDS[asked]] : Object.values(COMMANDS);
  const root = new Command('cdk8s-cilium').description('Checks and judges Cilium network policies offline, as Cilium would.');
  // Loaded only for the flag, because it reads a file.
  root.option('-V, --version', 'print the version').on('option:version', () => {
    process.stdout.write(`${(require('./output') as typeof import('./output')).version()}\n`);
    throw new CommanderError(0, 'commander.version', 'printed');
  });
  commands.forEach((make) => root.addCommand(make()));
  [root, ...root.commands].forEach((command) =>
    command.exitOverride().showHelpAfterError('(use --help for more information)').configureOutput({ outputError }),
  );
  return root;
}

/** An argument may be the name of a stranger's file. */
function outputError(text: string, write: (text: string) => void): void {
  const { printableLines } = require('../net/printable') as typeof import('../net/printable');
  write(printableLines(text));
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has already printed the error or the help.
    return error.exitCode === 0 ? 0 : 2;
  }
  if (error instanceof Failure) {
    sayAll(`cdk8s-cilium: ${error.message}`, ...(error.help === undefined ? [] : [error.help]));
    return 2;
  }
  const message = error instanceof Error ? error.message : String(error);
  sayAll(`cdk8s-cilium: internal error: ${message}`, 'please report this with the command that you ran');
  return 2;
}

/** Loaded on demand, because few runs fail. */
function sayAll(...lines: readonly string[]): void {
  const { say } = require('./output') as typeof import('./output');
  const { shortened } = require('../net/shortened') as typeof import('../net/shortened');
  lines.forEach((line) => say(shortened(line)));
}

if (require.main === module) {
  void main(process.argv.slice(2));
}
