import { execFileSync } from 'node:child_process';

/** What a command prints on stdout; throws with all that it printed if it fails. */
export function run(command: string, args: string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: PLAIN });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
  }
}

/**
 * The environment in which a command prints the same everywhere: no colours, also where the tests run in colour (jest hands
 * FORCE_COLOR on), and no banner of jsii about the end of life of Node 20, which works.
 */
export const PLAIN: NodeJS.ProcessEnv = {
  ...process.env,
  NO_COLOR: '1',
  FORCE_COLOR: undefined,
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
};
