// Auto-numbers: the next number of each such field, without gaps, because its counter row is locked until the commit.
import { defaultAutoNumberFormat, formatAutoNumber } from '../fields/auto-number.ts';
import type { Entity } from '../metadata/registry.ts';
import { engineTable, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

/** Field name → its new text, e.g. `INV-0042`. */
export async function assignAutoNumbers(context: TransactionContext, entity: Entity): Promise<Readonly<Record<string, string>>> {
  const { app } = context.registry;
  const numbers: Record<string, string> = {};
  for (const field of entity.fields.values()) {
    if (field.type.name !== 'autoNumber') continue;
    const [row] = await run<{ value: string }>(context.transaction, {
      text: `INSERT INTO ${engineTable(app, 'counters')} AS c (entity, field, value) VALUES ($1, $2, $3)
        ON CONFLICT (entity, field) DO UPDATE SET value = c.value + 1 RETURNING value`,
      values: [entity.id, field.meta.id, field.meta['start'] ?? 1],
    });
    numbers[field.name] = formatAutoNumber(String(field.meta['format'] ?? defaultAutoNumberFormat), row?.value ?? '1');
  }
  return numbers;
}
