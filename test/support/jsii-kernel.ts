/** A client of the jsii runtime, which Python, Java and Go programs use: one line of JSON per call, and one per answer. */
import { ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, Interface } from 'node:readline';
import { PLAIN } from './run';

export class JsiiKernel {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;

  /** `agent` is what the runtime of a language calls itself. */
  public constructor(agent: string) {
    const runtime = join(__dirname, '../../node_modules/@jsii/runtime/webpack/bin/jsii-runtime.js');
    this.process = spawn('node', [runtime], { env: { ...PLAIN, JSII_RUNTIME_PACKAGE_CACHE: 'disabled', JSII_AGENT: agent } });
    this.reader = createInterface({ input: this.process.stdout });
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  /** Starts the runtime. Its first line is its version. */
  public async start(): Promise<void> {
    await this.lines.next();
  }

  public async load(name: string, version: string, tarball: string): Promise<void> {
    await this.call({ api: 'load', name, version, tarball });
  }

  /** Calls a static method and returns its result. */
  public async invokeStatic(fqn: string, method: string, ...args: unknown[]): Promise<unknown> {
    return (await this.call({ api: 'sinvoke', fqn, method, args })).result;
  }

  public async invoke(objref: unknown, method: string, ...args: unknown[]): Promise<unknown> {
    return (await this.call({ api: 'invoke', objref, method, args })).result;
  }

  public async create(fqn: string, ...args: unknown[]): Promise<unknown> {
    return this.call({ api: 'create', fqn, args });
  }

  public async stop(): Promise<void> {
    this.process.stdin.end();
    await new Promise((resolve) => this.process.once('close', resolve));
    this.reader.close();
  }

  private async call(request: object): Promise<{ result?: unknown }> {
    this.process.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await this.lines.next();
    const answer = JSON.parse(String(line.value)) as { ok?: { result?: unknown }; error?: string };
    if (answer.error !== undefined) {
      throw new Error(answer.error);
    }
    return answer.ok ?? {};
  }
}

/** A struct in the format of the other languages. */
export function struct(fqn: string, data: object): object {
  return { '$jsii.struct': { fqn, data } };
}

/** A map in the format of the other languages. */
export function map(data: object): object {
  return { '$jsii.map': data };
}
