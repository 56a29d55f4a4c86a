import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { readPostmaster } from '../../../server/database/embedded/postmaster.ts';
import { type Embedded, startEmbedded } from '../../../server/database/embedded/start.ts';
import { connect } from '../../../server/database/pool.ts';
import { createLog, type Log } from '../../../server/telemetry/log.ts';
import { type Running, runSource } from '../../support/processes.ts';

const ownerSource = fileURLToPath(new URL('./owner.ts', import.meta.url));
const silent = createLog({ level: 'silent' });

let pristine: string;
let dataDir: string;
let servers: Embedded[];
let owners: Running[];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-test-'));
  chmodSync(folder, 0o755);
  return folder;
}

// Most tests begin with a copy of one cluster that was never used, which is faster than to make each its own.
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

const data = () => join(dataDir, 'postgres/data');
const server = () => readPostmaster(data());
const socketFolder = (url: string) => new URL(url).searchParams.get('host') ?? '';

async function start(log: Log = silent): Promise<Embedded> {
  const started = await startEmbedded({ dataDir, log });
  servers.push(started);
  return started;
}

async function owner(mode: 'write' | 'hold'): Promise<{ running: Running; url: string }> {
  const running = runSource(ownerSource, { args: [dataDir, mode] });
  owners.push(running);
  return { running, url: await running.line() };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

async function query(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const testOnLinux = process.platform === 'linux' ? test : test.skip;

/** The parent's process id; undefined when the process is gone. */
function parentOf(pid: number): number | undefined {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[1],
    );
  } catch {
    return undefined;
  }
}

const answers = (url: string) =>
  query(url, 'SELECT 1').then(
    () => true,
    () => false,
  );

describe('one process', () => {
  test('finds its rows again after a stop, in UTF-8, over a socket that others cannot reach', async () => {
    const first = await start();
    await query(first.url, `CREATE TABLE kept AS SELECT 'ÄÖÜ عربي'::text AS words`);
    await first.stop();
    await first.stop();
    expect(server()).toBeUndefined();
    expect(existsSync(socketFolder(first.url))).toBe(false);
    const second = await start();
    expect(await query(second.url, 'SELECT upper(words) AS words FROM kept')).toEqual([{ words: 'ÄÖÜ عربي' }]);
    expect(await query(second.url, `SELECT current_setting('listen_addresses') AS a, current_setting('fsync') AS f`)).toEqual([
      { a: '', f: 'on' },
    ]);
  });

  test('gives a URL that knex and pg-boss take as well', async () => {
    const { url } = await start();
    const knex = connect({ url });
    expect((await knex.raw('SELECT current_database() AS name')).rows).toEqual([{ name: 'formwork' }]);
    await knex.destroy();
    const boss = new PgBoss({ connectionString: url, schema: 'queue' });
    await boss.start();
    await boss.createQueue('probe');
    expect(await boss.send('probe', { answer: 42 })).toEqual(expect.any(String));
    await boss.stop({ graceful: false });
  });

  test('keeps the values of failed statements out of the log file', async () => {
    const { url } = await start();
    await query(url, 'CREATE TABLE one (email text UNIQUE)');
    await query(url, `INSERT INTO one VALUES ('hush@example.com')`);
    await expect(query(url, `INSERT INTO one VALUES ('hush@example.com')`)).rejects.toMatchObject({ code: '23505' });
    expect(readFileSync(join(dataDir, 'postgres/postgres.log'), 'utf8')).not.toContain('hush');
  });

  test('says in the words of the server why it did not start', async () => {
    const first = await start();
    await first.stop();
    appendFileSync(join(data(), 'postgresql.conf'), '\nno_such_setting = 1\n');
    await expect(start()).rejects.toThrow(/did not start in .*\n.*no_such_setting/s);
  });

  test('starts although a stale postmaster.pid names a living process of somebody else', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(data(), 'postmaster.pid'), `${process.pid}\n${data()}\n1\n5432\n/tmp/gone\n\n1 1\nready\n`, {
      mode: 0o600,
    });
    const { uid, gid } = statSync(data());
    chownSync(join(data(), 'postmaster.pid'), uid, gid);
    expect(server()).toMatchObject({ pid: process.pid, alive: false });
    expect(await answers((await start()).url)).toBe(true);
  });

  test('puts a large log file aside', async () => {
    const first = await start();
    await first.stop();
    truncateSync(join(dataDir, 'postgres/postgres.log'), 6_000_000);
    await start();
    expect(existsSync(join(dataDir, 'postgres/postgres.log.1'))).toBe(true);
  });
});

describe('several processes on one data folder', () => {
  test('share the server, which stops with the last of them', async () => {
    const { running, url } = await owner('hold');
    const mine = await start();
    expect(mine.url).toBe(url);
    await running.end('SIGTERM');
    expect(await answers(mine.url)).toBe(true);
    const again = await start();
    await mine.stop();
    expect(await answers(again.url)).toBe(true);
    await again.stop();
    expect(server()).toBeUndefined();
  });

  test('may start at the same moment on an empty folder', async () => {
    rmSync(join(dataDir, 'postgres'), { recursive: true });
    const started = await Promise.all([owner('hold'), owner('hold'), start()]);
    expect(new Set(started.map(({ url }) => url)).size).toBe(1);
    expect(await answers(started[0].url)).toBe(true);
  });

  test('a second one that is killed does not take the server away', async () => {
    const mine = await start();
    const { running } = await owner('hold');
    await running.end('SIGKILL');
    expect(await answers(mine.url)).toBe(true);
  });

  test('one that starts while the server stops gets a new one', async () => {
    const first = await start();
    const stopping = first.stop();
    const second = await start();
    await stopping;
    expect(await answers(second.url)).toBe(true);
  });
});

describe('death', () => {
  test('of the only process stops the server, and no acknowledged row is lost', async () => {
    let acknowledged = 0;
    for (let round = 1; round <= 3; round += 1) {
      const { running, url } = await owner('write');
      for (let row = 1; row <= 20 * round; row += 1) {
        await running.line();
        acknowledged += 1;
      }
      await running.end('SIGKILL');
      await until(() => !existsSync(socketFolder(url)));
      expect(server()).toBeUndefined();
    }
    const { url } = await start();
    const [row] = (await query(url, 'SELECT count(*)::int AS rows FROM acknowledged')) as { rows: number }[];
    expect(row?.rows).toBeGreaterThanOrEqual(acknowledged);
  });

  test('of the server itself is mended at the same address, and no acknowledged row is lost', async () => {
    const { url } = await start();
    await query(url, 'CREATE TABLE kept AS SELECT 1 AS number');
    const killed = server()?.pid ?? 0;
    process.kill(killed, 'SIGKILL');
    await until(async () => server()?.pid !== killed && (await answers(url)));
    expect(await query(url, 'SELECT number FROM kept')).toEqual([{ number: 1 }]);
  });

  testOnLinux('of server and keeper at once leaves a folder that starts again', async () => {
    const { running, url } = await owner('hold');
    const postmaster = server()?.pid ?? 0;
    const keeper = parentOf(postmaster) ?? 0;
    for (const pid of [keeper, postmaster, running.process.pid ?? 0]) process.kill(pid, 'SIGKILL');
    await running.end('SIGKILL');
    const mine = await start();
    expect(mine.url).not.toBe(url);
    expect(await answers(mine.url)).toBe(true);
    rmSync(socketFolder(url), { recursive: true, force: true });
  });

  // Only Linux tells through /proc which processes belong together.
  testOnLinux(
    'of keeper and guard alone leaves a server that others can use, and the log says that nobody stops it',
    async () => {
      const lines: string[] = [];
      const mine = await start();
      const postmaster = server()?.pid ?? 0;
      const keeper = parentOf(postmaster) ?? 0;
      const guard = readdirSync('/proc').find(
        (pid) => /^\d+$/.test(pid) && Number(pid) !== postmaster && parentOf(Number(pid)) === keeper,
      );
      for (const pid of [keeper, Number(guard)]) process.kill(pid, 'SIGKILL');
      const other = await start(createLog({ level: 'warn' }, { write: (line) => lines.push(line) }));
      expect(other.url).toBe(mine.url);
      expect(lines.join()).toContain('without its guard');
      await other.stop();
      expect(await answers(mine.url)).toBe(true);
      process.kill(postmaster, 'SIGINT');
      await until(() => server()?.alive !== true);
      rmSync(socketFolder(mine.url), { recursive: true, force: true });
    },
  );
});
