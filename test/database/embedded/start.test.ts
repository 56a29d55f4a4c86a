import { appendFileSync, chownSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { PgBoss } from 'pg-boss';
import { connect } from '../../../server/database/pool.ts';
import { answers, data, eachWithItsFolder, home, query, server, socketFolder, start } from './folder.ts';

eachWithItsFolder();

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
    expect(readFileSync(join(home(), 'postgres.log'), 'utf8')).not.toContain('hush');
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
    truncateSync(join(home(), 'postgres.log'), 6_000_000);
    await start();
    expect(existsSync(join(home(), 'postgres.log.1'))).toBe(true);
  });
});
