// Keeps the records that mirror metadata equal to it: run wherever a registry begins to be served, in any number of processes.
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Entity, Registry } from '../metadata/registry.ts';
import { Problem } from '../problem.ts';
import { type Actor, systemActor } from '../repository/actor.ts';
import { systemContext } from '../repository/context.ts';
import { recordOf, rowColumns, sameValue } from '../repository/records.ts';
import type { Repository } from '../repository/repository.ts';
import { run } from '../repository/statement.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import type { Log } from '../telemetry/log.ts';
import { keyOf, type MirrorRow, mirrorOf } from './mirror-rows.ts';

export interface MirrorServices {
  readonly knex: Knex;
  readonly repository: Repository;
  readonly log: Log;
  /** The number of the version that is published now, and the user who made it (null: nobody that the application knows). */
  readonly published: () => Promise<{ readonly number: number; readonly author: string | null } | undefined>;
}

interface Stored {
  readonly id: string;
  readonly deleted: boolean;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Writes what differs, in the name of the version's author. Does nothing when the records are as they must be, or when
 * the registry is no longer the published one: whoever serves the newer one does it then.
 */
export async function keepMirror(services: MirrorServices, registry: Registry): Promise<void> {
  const wanted = Object.entries(mirrorOf(registry)).flatMap(([name, rows]) => {
    const entity = registry.entities.get(name);
    return entity?.fields.has('metadata_id') === true ? [{ entity, rows }] : [];
  });
  const differing: (typeof wanted)[number][] = [];
  for (const one of wanted) if (differs(one.rows, await storedRows(services.knex, one.entity))) differing.push(one);
  if (differing.length === 0) return;
  const published = await services.published();
  const context = systemContext(registry, 'system', { actor: authorActor(published?.author ?? null) });
  await services.repository.transaction(context, async (inner) => {
    await run(inner.transaction, {
      text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))',
      values: [`metadata mirror ${registry.app.schema}.${registry.app.prefix}`],
    });
    if (((await services.published())?.number ?? registry.number) !== registry.number) return;
    for (const { entity, rows } of differing) await bring(services, inner, entity, rows);
  });
}

/** The engine does it, in the name of the one who asked for the version. */
const authorActor = (id: string | null): Actor => (id === null ? systemActor : { ...systemActor, id });

async function storedRows(database: Knex | Knex.Transaction, entity: Entity): Promise<readonly Stored[]> {
  const rows = await run(database, {
    text: `SELECT ${rowColumns(entity)} FROM ${entity.qualifiedTable} ORDER BY "deleted_at" DESC NULLS FIRST`,
    values: [],
  });
  return rows.map((row) => {
    const values = recordOf(entity, row);
    return { id: String(row['id']), deleted: values['deleted_at'] !== null, values };
  });
}

const sameRow = (stored: Stored, row: MirrorRow): boolean =>
  Object.entries(row.values).every(([name, value]) => sameValue(stored.values[name], value));

function differs(rows: readonly MirrorRow[], stored: readonly Stored[]): boolean {
  const live = new Map(stored.filter(({ deleted }) => !deleted).map((record) => [record.values['metadata_id'], record]));
  return (
    live.size !== rows.length ||
    rows.some((row) => {
      const record = live.get(row.metadataId);
      return record === undefined || !sameRow(record, row);
    })
  );
}

/** What went goes first, then each row as soon as its key is free. */
async function bring(
  services: MirrorServices,
  context: TransactionContext,
  entity: Entity,
  rows: readonly MirrorRow[],
): Promise<void> {
  const stored = await storedRows(context.transaction, entity);
  const wanted = new Set<unknown>(rows.map(({ metadataId }) => metadataId));
  const live = new Map<unknown, Stored>();
  for (const record of stored.filter(({ deleted }) => !deleted)) {
    const id = record.values['metadata_id'];
    if (wanted.has(id)) live.set(id, record);
    else await services.repository.remove(context, entity.name, record.id);
  }
  const holder = new Map([...live].map(([id, record]) => [keyOf(entity.name, record.values), id]));
  let waiting = rows.filter((row) => {
    const record = live.get(row.metadataId);
    return record === undefined || !sameRow(record, row);
  });
  while (waiting.length > 0) {
    const free = waiting.filter((row) => (holder.get(row.key) ?? row.metadataId) === row.metadataId);
    // Names that went round: who holds the first one steps aside for a moment.
    if (free.length === 0) await stepAside(services, context, entity, waiting[0]?.key ?? '', { live, holder });
    for (const row of free) {
      const record = live.get(row.metadataId);
      await put(services, context, entity, row, record ?? reviving(stored, row, entity, holder));
      const former = record === undefined ? row.key : keyOf(entity.name, record.values);
      if (holder.get(former) === row.metadataId) holder.delete(former);
      holder.set(row.key, row.metadataId);
    }
    const done = new Set(free);
    waiting = waiting.filter((row) => !done.has(row));
  }
}

/** The deleted record of the same thing; undefined where its former key is taken, so that it could not come back as it was. */
const reviving = (
  stored: readonly Stored[],
  row: MirrorRow,
  entity: Entity,
  holder: ReadonlyMap<string, unknown>,
): Stored | undefined =>
  stored.find(
    ({ deleted, values }) => deleted && values['metadata_id'] === row.metadataId && !holder.has(keyOf(entity.name, values)),
  );

async function stepAside(
  services: MirrorServices,
  context: TransactionContext,
  entity: Entity,
  key: string,
  { live, holder }: { readonly live: ReadonlyMap<unknown, Stored>; readonly holder: Map<string, unknown> },
): Promise<void> {
  const record = live.get(holder.get(key));
  holder.delete(key);
  if (record === undefined) return;
  const name = `x_${createHash('sha256').update(record.id).digest('hex').slice(0, 24)}`;
  await services.repository.update(context, entity.name, record.id, { name });
}

/** A row that its own entity refuses (a field type that its options do not list) is told of and left out. */
async function put(
  { repository, log }: MirrorServices,
  context: TransactionContext,
  entity: Entity,
  row: MirrorRow,
  record: Stored | undefined,
): Promise<void> {
  try {
    if (record === undefined) {
      await repository.create(context, entity.name, { ...row.values, metadata_id: row.metadataId });
      return;
    }
    if (record.deleted) await repository.restore(context, entity.name, record.id);
    await repository.update(context, entity.name, record.id, row.values);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'validation_failed') throw error;
    log.warn({ entity: entity.name, metadataId: row.metadataId, errors: error.errors }, 'Metadata has no record that mirrors it');
  }
}
