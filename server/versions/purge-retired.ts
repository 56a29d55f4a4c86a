// Drops for good what was set aside long enough ago. There is no way back, so it is an act of its own.
import type { Knex } from 'knex';
import { problem } from '../problem.ts';
import { qualified } from '../tables/ddl.ts';
import { quoteName, systemTable } from '../tables/names.ts';
import type { Naming, SchemaModel, Step, TableModel } from '../tables/schema-types.ts';
import { applyVersion } from './apply.ts';
import { readModel, readVersions } from './journal.ts';
import { type LockOptions, withMigrationLock } from './lock.ts';
import type { Session } from './session.ts';
import { appliedMigrations } from './system-migrations.ts';

export interface PurgeOptions extends LockOptions {
  /** Only what was set aside at least so many days ago. */
  readonly olderThanDays: number;
  readonly author?: string;
}

/**
 * Drops retired columns and tables as a version of its own; `rollback` does not go behind it any more.
 * @returns the steps, none when nothing is old enough
 * @throws conflict while an interrupted version waits for `migrate`
 */
export async function purgeRetired(db: Knex, app: Naming, options: PurgeOptions): Promise<readonly Step[]> {
  return withMigrationLock(db, app, options, async (session) => {
    if ((await appliedMigrations(session, app)).length === 0) return [];
    const current = (await readVersions(session, app)).at(-1);
    if (current === undefined) return [];
    if (current.status !== 'applied')
      throw problem('conflict', { detail: `Version ${current.number} was interrupted; migrate first.` });
    const model = await readModel(session, app, current.number);
    if (model === null) return [];
    const old = await retiredBefore(session, app, options.olderThanDays);
    const { steps, rest } = purgePlan(model, old);
    const { registryVersion } = current;
    const reason = `set aside ${options.olderThanDays} days ago or longer`;
    const version = { registryVersion, model: rest, steps, author: options.author ?? null, reason };
    if (steps.length > 0) await applyVersion(session, app, version, false);
    return steps;
  });
}

/** Names that things were set aside under, long enough ago. */
async function retiredBefore(session: Session, app: Naming, days: number): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ name: string }>(
    `SELECT regexp_replace(id, '^.*:', '') AS name FROM ${systemTable(app, 'meta_steps')}
     WHERE kind IN ('retireColumn', 'retireTable') AND undone_at IS NULL
     GROUP BY 1 HAVING max(applied_at) <= clock_timestamp() - make_interval(days => $1)`,
    [days],
  );
  return new Set(rows.map((row) => row.name));
}

function purgePlan(
  model: SchemaModel,
  old: ReadonlySet<string>,
): { readonly steps: readonly Step[]; readonly rest: SchemaModel } {
  const steps: Step[] = [];
  const tables = model.tables.flatMap((table): TableModel[] => {
    const name = qualified(model.schema, table.name);
    if (table.retired === true && old.has(table.name)) {
      steps.push(dropStep(table, table.name, `DROP TABLE ${name}`));
      return [];
    }
    const columns = table.columns.filter((column) => {
      const goes = column.retired === true && old.has(column.name);
      if (goes)
        steps.push(dropStep(table, `${table.name}.${column.name}`, `ALTER TABLE ${name} DROP COLUMN ${quoteName(column.name)}`));
      return !goes;
    });
    return [{ ...table, columns }];
  });
  return { steps, rest: { ...model, tables } };
}

const dropStep = (table: TableModel, what: string, sql: string): Step => ({
  id: `dropRetired:${what}`,
  kind: 'dropRetired',
  entity: table.entity,
  table: table.name,
  up: [sql],
  down: [],
  lock: 'access exclusive',
  cost: 'instant',
  additive: false,
  description: `Drop ${what} for good`,
  checks: [],
});

/** @throws conflict when one of the versions dropped something for good: its inverse cannot bring that back. */
export async function refusePurged(session: Session, app: Naming, versions: readonly number[]): Promise<void> {
  const [row] = await session.query<{ version: number }>(
    `SELECT version FROM ${systemTable(app, 'meta_steps')}
     WHERE version = ANY($1::int[]) AND kind = 'dropRetired' AND undone_at IS NULL ORDER BY version DESC LIMIT 1`,
    [versions],
  );
  if (row !== undefined)
    throw problem('conflict', { detail: `Version ${row.version} dropped data for good; nothing goes back behind it.` });
}
