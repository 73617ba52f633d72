/** Runs the built command line in a folder of its own, which each test gets anew. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { PLAIN } from './run';

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The script that the package installs as `cdk8s-cilium`. */
export const MAIN = resolve('dist/cli/main.js');

/** A folder that is made before each test and removed after it. */
export class CliFolder {
  public path = '';

  public constructor() {
    beforeEach(() => (this.path = mkdtempSync(join(tmpdir(), 'cli-'))));
    afterEach(() => rmSync(this.path, { recursive: true }));
  }

  public write(path: string, text: string): void {
    mkdirSync(dirname(join(this.path, path)), { recursive: true });
    writeFileSync(join(this.path, path), text);
  }

  /** Runs the command line in the folder, or in a folder below it. */
  public run(words: readonly string[], { input = '', at = '.', env = {} } = {}): Ran {
    const { status, stdout, stderr } = spawnSync('node', [MAIN, ...words], {
      cwd: join(this.path, at),
      encoding: 'utf8',
      env: { ...PLAIN, ...env },
      input,
      timeout: 20_000,
    });
    return { status, stdout, stderr };
  }
}
