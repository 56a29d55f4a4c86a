// Auto-numbers: the next number of each such field, without gaps or without waiting, as the field says.
import type { Knex } from 'knex';
import { besidePool } from '../database/beside.ts';
import { defaultAutoNumberFormat, formatAutoNumber } from '../fields/auto-number.ts';
import type { Entity, Field } from '../metadata/registry.ts';
import type { RepositoryServices } from './services.ts';
import { engineTable, run, type Statement } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

/** Field name → its new text, e.g. `INV-0042`. */
export async function assignAutoNumbers(
  services: RepositoryServices,
  context: TransactionContext,
  entity: Entity,
): Promise<Readonly<Record<string, string>>> {
  const numbers: Record<string, string> = {};
  for (const field of entity.fields.values()) {
    if (field.type.name !== 'autoNumber') continue;
    const counter = counterOf(context, entity, field);
    // Both count in the same row, so a field may change from one to the other while others write.
    const number =
      field.meta['gapless'] === true
        ? await advance(context.transaction, counter, 1)
        : await nextFree(besidePool(services.knex), counter);
    numbers[field.name] = formatAutoNumber(String(field.meta['format'] ?? defaultAutoNumberFormat), number);
  }
  return numbers;
}

interface Counter {
  readonly table: string;
  readonly entity: string;
  readonly field: string;
  readonly start: unknown;
}

const counterOf = ({ registry }: TransactionContext, entity: Entity, { meta }: Field): Counter => ({
  table: engineTable(registry.app, 'counters'),
  entity: entity.id,
  field: meta.id,
  start: meta['start'] ?? 1,
});

/** The last of `count` further numbers. In a transaction the counter is locked until its end, and goes back with it. */
async function advance(database: Knex | Knex.Transaction, counter: Counter, count: number): Promise<bigint> {
  const statement: Statement = {
    text: `INSERT INTO ${counter.table} AS c (entity, field, value) VALUES ($1, $2, $3::bigint + $4::bigint - 1)
      ON CONFLICT (entity, field) DO UPDATE SET value = c.value + $4::bigint RETURNING value`,
    values: [counter.entity, counter.field, counter.start, count],
  };
  const [row] = await run<{ value: string }>(database, statement);
  return BigInt(row?.value ?? '1');
}

interface Waiting {
  readonly take: (number: bigint) => void;
  readonly fail: (error: unknown) => void;
}

const queues = new WeakMap<Knex, Map<string, Waiting[]>>();
/** Numbers taken by one statement. */
const most = 500;

/** A number that no transaction holds: whoever asks while one statement is under way is served by the next, all at once. */
function nextFree(database: Knex, counter: Counter): Promise<bigint> {
  const all = queues.get(database) ?? new Map<string, Waiting[]>();
  queues.set(database, all);
  const key = [counter.table, counter.entity, counter.field].join(' ');
  return new Promise((take, fail) => {
    const queue = all.get(key);
    if (queue !== undefined) {
      queue.push({ take, fail });
      return;
    }
    const started: Waiting[] = [{ take, fail }];
    all.set(key, started);
    void serve(database, counter, started, () => all.delete(key));
  });
}

async function serve(database: Knex, counter: Counter, queue: Waiting[], empty: () => void): Promise<void> {
  while (queue.length > 0) {
    const served = queue.splice(0, most);
    try {
      const last = await advance(database, counter, served.length);
      for (const [at, { take }] of served.entries()) take(last - BigInt(served.length - 1 - at));
    } catch (error) {
      for (const { fail } of served) fail(error);
    }
  }
  empty();
}
