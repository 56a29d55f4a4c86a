// Mappings that were used before for files with the same columns: one's own first, then what somebody shared.
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import type { Entity } from '../metadata/registry.ts';
import type { ImportMappingMetadata } from '../metadata/types.ts';
import { authorOf } from '../repository/actor.ts';
import type { Context } from '../repository/context.ts';
import { engineTable, run } from '../repository/statement.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import { columnWords } from './column-words.ts';
import { rejectColumns } from './rejects.ts';

export type Remember = 'me' | 'everyone' | 'no';

/** The same for files whose columns have the same names, in whatever order and writing. */
function columnsKey(header: readonly string[]): string {
  const names = header.filter((name) => !rejectColumns.some((column) => column === name)).map(columnWords);
  return createHash('sha256').update(JSON.stringify(names.sort())).digest('hex');
}

export async function rememberMapping(
  context: TransactionContext,
  entity: Entity,
  header: readonly string[],
  mapping: ImportMappingMetadata,
  remember: Remember,
): Promise<void> {
  if (remember === 'no') return;
  const by = authorOf(context.actor);
  await run(context.transaction, {
    text: `INSERT INTO ${engineTable(context.registry.app, 'import_mappings')} (id, entity, columns, owner_id, mapping, created_by)
      VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (entity, columns, owner_id) DO UPDATE SET mapping = excluded.mapping, created_by = excluded.created_by, updated_at = now()`,
    values: [uuidv7(), entity.id, columnsKey(header), remember === 'me' ? by : null, JSON.stringify(mapping), by],
  });
}

/** Mappings that may fit, the best first: whether they do, `compileMapping` tells. */
export async function rememberedMappings(
  knex: Knex,
  { registry, actor }: Context,
  entity: Entity,
  header: readonly string[],
): Promise<readonly { readonly mapping: ImportMappingMetadata; readonly from: 'me' | 'everyone' }[]> {
  const rows = await run<{ mapping: ImportMappingMetadata; owner_id: string | null }>(knex, {
    text: `SELECT mapping, owner_id FROM ${engineTable(registry.app, 'import_mappings')}
      WHERE entity = $1 AND columns = $2 AND (owner_id IS NULL OR owner_id = $3) ORDER BY owner_id NULLS LAST`,
    values: [entity.id, columnsKey(header), authorOf(actor)],
  });
  return rows.map(({ mapping, owner_id }) => ({
    mapping: { ...readdressed(mapping, header), entity: entity.name },
    from: owner_id === null ? 'everyone' : 'me',
  }));
}

/** The columns as this file writes them. */
function readdressed(mapping: ImportMappingMetadata, header: readonly string[]): ImportMappingMetadata {
  const here = (column: string): string =>
    header.includes(column) ? column : (header.find((name) => columnWords(name) === columnWords(column)) ?? column);
  const fields = Object.entries(mapping.fields).map(([path, source]) => {
    const { column } = source;
    if (column === undefined) return [path, source] as const;
    return [path, { ...source, column: typeof column === 'string' ? here(column) : column.map(here) }] as const;
  });
  return { ...mapping, fields: Object.fromEntries(fields) };
}
