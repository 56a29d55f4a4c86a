// A data folder for each test of a file, with what tests of the embedded server do to it; everything is stopped and removed after each.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import pg from 'pg';
import { readPostmaster } from '../../../server/database/embedded/postmaster.ts';
import { type Embedded, startEmbedded } from '../../../server/database/embedded/start.ts';
import { createLog, type Log } from '../../../server/telemetry/log.ts';
import { type Running, runSource } from '../../support/processes.ts';

const ownerSource = fileURLToPath(new URL('./owner.ts', import.meta.url));
const silent = createLog({ level: 'silent' });

let pristine: string;
let dataDir: string;
let servers: Embedded[];
let owners: Running[];

/** Call it once at the top of a test file. Most tests begin with a copy of one unused cluster, faster than making each its own. */
export function eachWithItsFolder(): void {
  beforeAll(async () => {
    pristine = newFolder();
    await (await startEmbedded({ dataDir: pristine, log: silent })).stop();
  });
  afterAll(() => rmSync(pristine, { recursive: true, force: true }));
  beforeEach(() => {
    dataDir = newFolder();
    spawnSync('cp', ['-a', join(pristine, 'postgres'), dataDir]);
    servers = [];
    owners = [];
  });
  afterEach(async () => {
    for (const owner of owners) await owner.end('SIGKILL');
    for (const server of servers) await server.stop();
    await until(() => server()?.alive !== true);
    rmSync(dataDir, { recursive: true, force: true });
  });
}

/** The folder `postgres` of the test's data folder. */
export const home = () => join(dataDir, 'postgres');
export const data = () => join(home(), 'data');
export const server = () => readPostmaster(data());
export const socketFolder = (url: string) => new URL(url).searchParams.get('host') ?? '';

/** Uses the server from this process. */
export async function start(log: Log = silent): Promise<Embedded> {
  const started = await startEmbedded({ dataDir, log });
  servers.push(started);
  return started;
}

/** Uses the server from another process. */
export async function owner(mode: 'write' | 'hold'): Promise<{ running: Running; url: string }> {
  const running = runSource(ownerSource, { args: [dataDir, mode] });
  owners.push(running);
  return { running, url: await running.line() };
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

export async function query(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

export const answers = (url: string) =>
  query(url, 'SELECT 1').then(
    () => true,
    () => false,
  );

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-test-'));
  chmodSync(folder, 0o755);
  return folder;
}
