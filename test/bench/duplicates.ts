// Precision, recall and speed of the CRM's duplicate rules on labelled records: `npm run bench -- duplicates [records]`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { startEmbedded } from '../../server/database/embedded/start.ts';
import { connect } from '../../server/database/pool.ts';
import type { Entity } from '../../server/metadata/registry.ts';
import { systemContext } from '../../server/repository/context.ts';
import { maintainedColumns } from '../../server/repository/maintained.ts';
import { scanDuplicates, scanSubject } from '../../server/repository/scan-duplicates.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { migrate } from '../../server/versions/migrate.ts';
import { type Labelled, labelledCompanies, labelledPeople } from '../support/labelled-duplicates.ts';
import { crmRegistry } from '../support/registry.ts';

const count = Number(process.argv[3] ?? 20_000);
const dataDir = mkdtempSync(join(tmpdir(), 'fw-bench-'));
const server = await startEmbedded({ dataDir, log: createLog({ level: 'error' }) });
const knex = connect({ url: server.url, poolSize: 2, statementTimeoutMs: 0, applicationName: 'bench' });
try {
  const registry = await crmRegistry();
  await migrate(knex, registry);
  const context = systemContext(registry);
  const { rows } = await knex.raw<{ rows: { id: string }[] }>(
    `INSERT INTO ${registry.entities.get('users')?.qualifiedTable} (id, version, display_name, search_text, email, first_name, last_name, active, created_at, updated_at)
     VALUES (gen_random_uuid(), 1, 'U', 'u', 'u@example.com', 'U', 'U', true, now(), now()) RETURNING id`,
  );
  const owner = rows[0]?.id ?? '';
  const lines = [
    '| entity | rule | records | true pairs | found | precision | recall | seconds | records/s | pairs/s |',
    '|---|---|--:|--:|--:|--:|--:|--:|--:|--:|',
  ];
  for (const [name, made] of [
    ['contacts', labelledPeople(count)],
    ['accounts', labelledCompanies(count)],
  ] as const) {
    const { entity, rules } = scanSubject(context, name);
    const labels = await fill(entity, made, owner);
    const truth = truePairs(labels);
    const all = new Set<string>();
    let whole = 0;
    for (const rule of rules) {
      const found = new Set<string>();
      const began = performance.now();
      await knex.transaction(async (transaction) => {
        for await (const { pairs } of scanDuplicates(transaction, { ...context, transaction }, entity, rule))
          for (const { a, b } of pairs) found.add(`${a} ${b}`);
      });
      const seconds = (performance.now() - began) / 1000;
      whole += seconds;
      for (const pair of found) all.add(pair);
      lines.push(line(name, rule.name, labels, truth, found, seconds));
    }
    lines.push(line(name, 'all rules', labels, truth, all, whole));
  }
  process.stdout.write(`${lines.join('\n')}\n`);
} finally {
  await knex.destroy();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Straight into the table, keys and all; returns who each record is. */
async function fill(entity: Entity, made: Iterable<Labelled>, owner: string): Promise<ReadonlyMap<string, number>> {
  const labels = new Map<string, number>();
  const rows: Record<string, unknown>[] = [];
  const now = new Date().toISOString();
  const [address] = ['mailing_address', 'billing_address'].filter((name) => entity.fields.has(name));
  const emails = new Set<unknown>();
  for (const { who, values } of made) {
    const { postal_code, city, ...own } = values as Record<string, unknown>;
    // A live address is unique: a copy with the same one would not have been let in.
    if (own['email'] != null && emails.has(own['email'])) own['email'] = null;
    emails.add(own['email']);
    const place = { postal_code: postal_code ?? null, city: city ?? null };
    const id = uuidv7();
    labels.set(id, who);
    rows.push({
      ...own,
      ...Object.fromEntries(Object.entries(place).map(([part, value]) => [`${address}_${part}`, value])),
      ...maintainedColumns(entity, { ...own, [address ?? '']: place }),
      ...{ id, version: 1, owner_id: owner, created_at: now, updated_at: now },
      ...(entity.fields.has('lifecycle') ? { lifecycle: 'prospect' } : {}),
    });
  }
  await insertAll(knex, entity, rows);
  await knex.raw(`VACUUM ANALYZE ${entity.qualifiedTable}`);
  return labels;
}

async function insertAll(database: Knex, entity: Entity, rows: readonly Record<string, unknown>[]): Promise<void> {
  const [schema = '', table = ''] = entity.qualifiedTable.replaceAll('"', '').split('.');
  const { rows: needed } = await database.raw<{ rows: { column_name: string }[] }>(
    `SELECT column_name FROM information_schema.columns WHERE table_schema = ? AND table_name = ? AND is_nullable = 'NO' AND column_default IS NULL`,
    [schema, table],
  );
  const defaults = Object.fromEntries(
    needed.map(({ column_name }) => [column_name, entity.fields.get(column_name)?.meta.default ?? null]),
  );
  for (let at = 0; at < rows.length; at += 500)
    await database
      .withSchema(schema)
      .table(table)
      .insert(rows.slice(at, at + 500).map((row) => ({ ...defaults, ...row })));
}

function truePairs(labels: ReadonlyMap<string, number>): ReadonlySet<string> {
  const members = new Map<number, string[]>();
  for (const [id, who] of labels) members.set(who, [...(members.get(who) ?? []), id]);
  const pairs = new Set<string>();
  for (const ids of members.values())
    for (const [at, a] of ids.entries()) for (const b of ids.slice(at + 1)) pairs.add([a, b].sort().join(' '));
  return pairs;
}

function line(
  entity: string,
  rule: string,
  labels: ReadonlyMap<string, number>,
  truth: ReadonlySet<string>,
  found: ReadonlySet<string>,
  seconds: number,
): string {
  const right = [...found].filter((pair) => truth.has(pair)).length;
  const share = (part: number, whole: number): string => (whole === 0 ? '–' : (part / whole).toFixed(3));
  const numbers = [labels.size, truth.size, found.size].map(String);
  const speed = [seconds.toFixed(1), Math.round(labels.size / seconds), Math.round(found.size / seconds)].map(String);
  return `| ${[entity, rule, ...numbers, share(right, found.size), share(right, truth.size), ...speed].join(' | ')} |`;
}
