// Drops for good what was set aside long enough ago. There is no way back, so it is an act of its own.
import type { Knex } from 'knex';
import type { Registry } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { qualified } from '../tables/ddl.ts';
import { quoteName, systemTable } from '../tables/names.ts';
import type { Naming, SchemaModel, Step, TableModel } from '../tables/schema-types.ts';
import { continueVersion } from './execute.ts';
import { readInForce, withDocuments } from './in-force.ts';
import { openVersion } from './journal.ts';
import { type LockOptions, withMigrationLock } from './lock.ts';
import { servicesOf } from './services.ts';
import { inTransaction, type Session } from './session.ts';
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
export async function purgeRetired(
  db: Knex,
  registry: Pick<Registry, 'app' | 'fieldTypes'>,
  options: PurgeOptions,
): Promise<readonly Step[]> {
  const services = servicesOf(db, registry);
  const { app } = registry;
  return withMigrationLock(db, app, options, async (session) => {
    if ((await appliedMigrations(session, app)).length === 0) return [];
    const { model, versions } = await readInForce(session, app);
    const current = versions.at(-1);
    if (current === undefined || model === null) return [];
    const stored = current.status === 'applied' ? withDocuments(current) : undefined;
    if (stored === undefined) throw problem('conflict', { detail: `Version ${current.number} was interrupted; migrate first.` });
    const old = await retiredBefore(session, app, options.olderThanDays);
    const { steps, rest } = purgePlan(model, old);
    if (steps.length === 0) return [];
    const { registryVersion, filesHash, customHash } = stored;
    const reason = `set aside ${options.olderThanDays} days ago or longer`;
    const number = await inTransaction(session, async () =>
      openVersion(session, app, {
        ...{ kind: 'purge', registryVersion, filesHash, customHash, model: rest, steps, prepared: null, reason },
        author: options.author ?? null,
      }),
    );
    await continueVersion({ session, services }, number);
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
  phase: 'settle',
  lock: 'access exclusive',
  cost: 'instant',
  additive: false,
  description: `Drop ${what} for good`,
  checks: [],
});
