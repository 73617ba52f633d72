#!/usr/bin/env node
/** The command line. It only wires: each command is a file of its own, loaded when it is asked for. */
import { Command, CommanderError } from 'commander';
import { Failure } from './failure';

const COMMANDS: Readonly<Record<string, () => Command>> = {
  check: () => (require('./check') as typeof import('./check')).checkCommand(),
  verdict: () => (require('./verdict') as typeof import('./verdict')).verdictCommand(),
  explain: () => (require('./explain') as typeof import('./explain')).explainCommand(),
  batch: () => (require('./batch') as typeof import('./batch')).batchCommand(),
};

/** Runs the command that the words name; the exit code is 0, 1 as the command says, or 2 where it could not run. */
export async function main(words: readonly string[]): Promise<void> {
  // A reader that has seen enough closes the pipe.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));
  try {
    await program(words).parseAsync([...words], { from: 'user' });
  } catch (error) {
    process.exitCode = told(error);
  }
}

/** With the command that is asked for; with all of them where none is, for the help. */
function program(words: readonly string[]): Command {
  const asked = words.find((word) => Object.hasOwn(COMMANDS, word));
  const commands = asked === undefined ? Object.values(COMMANDS) : [COMMANDS[asked]];
  const root = new Command('cdk8s-cilium').description('Checks and judges Cilium network policies as Cilium would, offline.');
  // Loaded only for the flag, since it reads a file.
  root.option('-V, --version', 'print the version').action(({ version }: { readonly version?: boolean }) => {
    if (version !== true) {
      root.help({ error: true });
    }
    process.stdout.write(`${(require('./output') as typeof import('./output')).version()}\n`);
  });
  commands.forEach((make) => root.addCommand(make()));
  [root, ...root.commands].forEach((command) => command.exitOverride().showHelpAfterError('(--help tells more)'));
  return root;
}

function told(error: unknown): number {
  if (error instanceof CommanderError) {
    // It has said what is wrong, or printed the help that was asked for.
    return error.exitCode === 0 ? 0 : 2;
  }
  if (error instanceof Failure) {
    process.stderr.write(`cdk8s-cilium: ${error.message}\n${error.help === undefined ? '' : `${error.help}\n`}`);
    return 2;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`cdk8s-cilium: this should not have happened: ${message}\nplease report it with what you ran\n`);
  return 2;
}

if (require.main === module) {
  void main(process.argv.slice(2));
}
