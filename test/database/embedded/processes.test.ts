import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createLog } from '../../../server/telemetry/log.ts';
import { answers, eachWithItsFolder, home, owner, query, server, socketFolder, start, until } from './folder.ts';

eachWithItsFolder();

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
    rmSync(home(), { recursive: true });
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
