// A currency that amounts of other records are in: it stays for as long as there are any.
import { heirsOf } from '../metadata/computed.ts';
import type { Entity } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import { columnName } from './columns.ts';
import { quoted, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

/** Who adds an amount at the same time finds the other currency when its sum is written, and begins anew. */
export async function heirIssues(
  context: TransactionContext,
  entity: Entity,
  id: string,
  changed: readonly string[],
): Promise<readonly Issue[]> {
  const issues = new Map<string, Issue>();
  for (const { entity: child, field } of heirsOf(context.registry).get(entity.name) ?? []) {
    const { amount, field: source, reference } = field.computed;
    const [held, parent] = [child.fields.get(amount), child.fields.get(reference)];
    if (!changed.includes(source) || held === undefined || parent === undefined || issues.has(source)) continue;
    const rows = await run(context.transaction, {
      text: `SELECT 1 FROM ${child.qualifiedTable} WHERE ${quoted(columnName(parent))} = $1::uuid AND ${quoted(columnName(held))} IS NOT NULL AND "deleted_at" IS NULL LIMIT 1`,
      values: [id],
    });
    const detail = `Amounts of its ${child.name} are in this currency already.`;
    if (rows.length > 0) issues.set(source, { pointer: `/${source}`, code: 'in_use', detail });
  }
  return [...issues.values()];
}
