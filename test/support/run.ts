import { execFileSync } from 'node:child_process';

/** Runs a command and returns its standard output. Throws with the complete output if the command fails. */
export function run(command: string, args: string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: PLAIN });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
  }
}

/**
 * An environment in which commands print the same output everywhere: without colours, even if jest passes FORCE_COLOR on, and without jsii's banner
 * about the end of life of Node 20, on which the tests also run.
 */
export const PLAIN: NodeJS.ProcessEnv = {
  ...process.env,
  NO_COLOR: '1',
  FORCE_COLOR: undefined,
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
};
