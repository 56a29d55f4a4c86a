// Runs a TypeScript source as a node process of its own, and speaks with it over its standard output.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../server/package-root.ts';

export interface Running {
  readonly process: ChildProcess;
  /** The next line the process writes; rejects with its standard error when it ends first. */
  line(): Promise<string>;
  /** Sends the signal and waits until the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/**
 * @param file absolute path of the source
 * @param options.args given to it after its name
 * @param options.env added to this process's environment
 */
export function runSource(
  file: string,
  options: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Running {
  const hook = fileURLToPath(new URL('./run-typescript.cjs', import.meta.url));
  const child = spawn(process.execPath, ['--import', hook, file, ...(options.args ?? [])], {
    cwd: packageRoot(),
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const gone = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    line: async () => {
      const { value, done } = await lines.next();
      if (done !== true) return value;
      await gone;
      throw new Error(`${file} ended (${child.signalCode ?? child.exitCode}) without a further line:\n${errors}`);
    },
    end: async (signal) => {
      child.kill(signal);
      await gone;
    },
  };
}
