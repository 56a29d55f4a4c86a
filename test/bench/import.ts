// Rows a second and memory of an import: `npm run bench -- import [rows] [entity]`. Beside it, in turns, the same rows inserted in
// batches by bare SQL: what the table alone takes, without rules, audit, events, timeline and journal.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { v7 as uuidv7 } from 'uuid';
import { startEmbedded } from '../../server/database/embedded/start.ts';
import { connect } from '../../server/database/pool.ts';
import { openRows } from '../../server/import/formats/open-rows.ts';
import { importFile } from '../../server/import/import-file.ts';
import { inspectFile } from '../../server/import/inspect-file.ts';
import { keepJournal } from '../../server/import/journal.ts';
import { keepFile, readFile } from '../../server/import/stored-files.ts';
import { entityFor } from '../../server/repository/access.ts';
import { unlimited } from '../../server/repository/actor.ts';
import { systemContext } from '../../server/repository/context.ts';
import { createRepository } from '../../server/repository/create-repository.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { migrate } from '../../server/versions/migrate.ts';
import { crmRegistry } from '../support/registry.ts';

const count = Number(process.argv[3] ?? 100_000);
/** One that has a name; accounts are held to rules about similar ones, campaigns to none. */
const entity = process.argv[4] ?? 'campaigns';
/** Rows between which import and baseline take turns. */
const turn = Math.max(50, Math.ceil(count / 10));
const folder = mkdtempSync(join(tmpdir(), 'fw-bench-'));
const server = await startEmbedded({ dataDir: join(folder, 'data'), log: createLog({ level: 'error' }) });
const knex = connect({ url: server.url, poolSize: 2, statementTimeoutMs: 0, applicationName: 'bench' });
try {
  const registry = await crmRegistry();
  await migrate(knex, registry);
  const onError = (message: string, error: unknown): void => console.error(message, error);
  const repository = createRepository({ knex, hooks: [], onError });
  const { rows: users } = await knex.raw<{ rows: { id: string }[] }>(
    `INSERT INTO ${registry.entities.get('users')?.qualifiedTable} (id, version, display_name, search_text, email, first_name, last_name, active, created_at, updated_at)
     VALUES (gen_random_uuid(), 1, 'U', 'u', 'u@example.com', 'U', 'U', true, now(), now()) RETURNING id`,
  );
  const owner = users[0]?.id ?? '';
  const actor = { id: owner, name: 'U', email: 'u@example.com', roles: ['admin'], language: 'en', ...unlimited };
  const context = systemContext(registry, 'import', { actor });
  const path = join(folder, 'records.csv');
  await writeCsv(path);
  const bytes = statSync(path).size;
  const rssBefore = process.memoryUsage().rss;
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);

  const inspected = performance.now();
  const shape = await inspectFile(path, 'csv');
  const file = await repository.transaction(context, (inner) =>
    keepFile(inner, { path, digest: '', size: bytes }, { ...shape, name: 'records.csv' }),
  );
  const kept = performance.now() - inspected;
  const fields = Object.fromEntries(['external_id', 'name'].map((name) => [name, { column: name }]));
  const mapping = { id: 'bench', entity, fields };
  const { qualifiedTable } = entityFor(context, entity);

  let imported = 0;
  let inserted = 0;
  let baseline = 0;
  let since = performance.now();
  const importId = uuidv7();
  await importFile({
    repository,
    context,
    entity,
    mapping,
    file: await openRows(shape, readFile(knex, registry.app, file)),
    checkpoint: (inner, _totals, chunk) => keepJournal(inner, importId, entityFor(inner, entity), chunk),
    onProgress: async ({ read }) => {
      if (read % turn !== 0 && read !== count) return;
      imported += performance.now() - since;
      const began = performance.now();
      await insertBare(qualifiedTable, owner, inserted, read);
      baseline += performance.now() - began;
      inserted = read;
      process.stderr.write(
        `${read} rows, ${(read / (imported / 1000)).toFixed(0)} rows/s, ${mib(process.memoryUsage().rss)} MiB\n`,
      );
      since = performance.now();
    },
  });
  clearInterval(watch);
  const { rows } = await knex.raw<{ rows: { n: string }[] }>(`SELECT count(*) AS n FROM ${qualifiedTable}`);
  const rate = (ms: number): string => (count / (ms / 1000)).toFixed(0);
  process.stdout.write(
    [
      '| entity | rows | file MiB | kept s | import rows/s | bare insert rows/s | RSS before MiB | RSS peak MiB | records |',
      '|---|--:|--:|--:|--:|--:|--:|--:|--:|',
      `| ${entity} | ${count} | ${mib(bytes)} | ${(kept / 1000).toFixed(1)} | ${rate(imported)} | ${rate(baseline)} | ${mib(rssBefore)} | ${mib(peak)} | ${rows[0]?.n} |`,
      '',
    ].join('\n'),
  );
} finally {
  await knex.destroy();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}

async function writeCsv(path: string): Promise<void> {
  const out = createWriteStream(path);
  out.write('external_id,name,website,billing_address.city\n');
  for (let at = 0; at < count; at++) {
    // Words that the duplicate rules have to look at, and no two the same.
    const letters = createHash('md5')
      .update(String(at))
      .digest('base64')
      .replace(/[^a-z]/gi, '')
      .toLowerCase();
    const line = `B${at},"${letters.slice(0, 7)} ${letters.slice(7, 14)}, Ltd",https://www.company-${at}.example,City ${at % 500}\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  await finished(out.end());
}

async function insertBare(table: string, owner: string, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += 1_000) {
    const many = Array.from({ length: Math.min(1_000, to - at) }, (_, index) => at + index);
    await knex.raw(
      `INSERT INTO ${table} (id, version, display_name, search_text, external_id, name, owner_id, created_at, updated_at)
       SELECT i, 1, n, n, e, n, ?::uuid, now(), now() FROM unnest(?::uuid[], ?::text[], ?::text[]) AS r(i, n, e)`,
      [owner, many.map(() => uuidv7()), many.map((one) => `Bare ${one}`), many.map((one) => `bare-${one}`)],
    );
  }
}
