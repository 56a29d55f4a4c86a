// Runs the compiled program as a process of its own, as npm start does, in a folder that is checked and removed afterwards.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../../server/package-root.ts';

const mainFile = join(packageRoot(), 'dist', 'server', 'main.js');

export type Variables = Readonly<Record<string, string>>;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly pid: number;
  /** All that it and its workers wrote to standard output so far. */
  readonly output: () => string;
  /** Resolves with the first match; rejects with everything it wrote when it ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves with `http://…` once it says that it is ready. */
  ready(): Promise<string>;
  signal(signal: NodeJS.Signals, options?: { readonly group: boolean }): void;
  readonly ended: Promise<Ended>;
}

/** A folder for one program: its data, and its temporary files, so that what is left behind can be seen. */
export interface ProgramFolder {
  readonly path: string;
  /** Starts `formwork <args>` with this folder as its data folder. */
  run(args: readonly string[], variables?: Variables): Program;
  /** Processes that know the folder by their command line or environment: servers, workers, PostgreSQL, keepers. */
  processes(): readonly number[];
  /** Temporary files of the programs that are still there. */
  temporaries(): readonly string[];
  /** Kills what still runs and removes the folder. */
  remove(): Promise<void>;
}

export function programFolder(): ProgramFolder {
  if (!existsSync(mainFile)) throw new Error('dist/server/main.js is missing: run "npm run build:server" first.');
  const path = mkdtempSync(join(tmpdir(), 'fw-process-'));
  const temporary = join(path, 't');
  mkdirSync(temporary);
  // PostgreSQL may run under another account, which must get through.
  chmodSync(path, 0o755);
  chmodSync(temporary, 0o1777);
  const processes = (): readonly number[] => processesThatKnow(path);
  return {
    path,
    run: (args, variables = {}) =>
      runProgram(args, { ...settingsFor(path, temporary), ...('DATABASE_URL' in variables ? keyed : {}), ...variables }),
    processes,
    temporaries: () => readdirSync(temporary),
    remove: async () => {
      for (const pid of processes()) kill(pid);
      await until(() => processes().length === 0, 'the processes of the test to be gone');
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Beside a database of others nothing is kept in the data folder, and a start without a key is warned about. */
const keyed: Variables = { FORMWORK_SECRET_KEY: 'for tests only, and long enough for it' };

/** Nothing of this process's own settings: only what a program needs to run at all. */
function settingsFor(path: string, temporary: string): Variables {
  return {
    PATH: process.env['PATH'] ?? '',
    TMPDIR: temporary,
    PORT: '0',
    FORMWORK_DATA_DIR: join(path, 'd'),
    FORMWORK_DEMO: '0',
    FORMWORK_RATE_LIMIT: 'off',
    FORMWORK_EMAIL_MX: 'off',
    FORMWORK_LOG_LEVEL: 'warn',
  };
}

function runProgram(args: readonly string[], env: Variables): Program {
  const child = spawn(process.execPath, [mainFile, ...args], {
    cwd: packageRoot(),
    env,
    // A group of its own, as a shell gives to what it starts.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${mainFile} cannot be started`);
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
      child.emit('said');
    });
  }
  const ended = endOf(child, text);
  let over = false;
  void ended.then(() => {
    over = true;
    child.emit('said');
  });
  const says = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(text.stdout);
      if (match !== null) return match;
      if (over) throw new Error(`The program ended without saying ${pattern}:\n${text.stdout}\n${text.stderr}`);
      await once(child, 'said');
    }
  };
  return {
    pid,
    output: () => text.stdout,
    says,
    ready: async () => (await says(/is ready at (http:\S+)/))[1] ?? '',
    signal: (signal, { group } = { group: false }) => {
      process.kill(group ? -pid : pid, signal);
    },
    ended,
  };
}

async function endOf(child: ChildProcess, text: { stdout: string; stderr: string }): Promise<Ended> {
  // Not `close`, which waits for workers too, because they write to the same pipes.
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  await sleep(50);
  return { code, signal, ...text };
}

/** Where the system shows its processes as files, these say more than its `ps`; zombies know nothing any more. */
function processesThatKnow(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => ['cmdline', 'environ'].some((file) => contentOf(join('/proc', name, file)).includes(text)))
    .map(Number);
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}

const patienceMs = 30_000;

/** Waits for something that happens by itself, looking every 50 ms. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + patienceMs; !(await condition()); await sleep(50)) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
  }
}
