// Search over all entities that declare search fields: one statement, the best of each, ranked together.
import type { Knex } from 'knex';
import { fold } from '../matching/fold.ts';
import type { Entity } from '../metadata/registry.ts';
import { searchTerms } from '../query/search-terms.ts';
import { readableEntities } from './access.ts';
import type { Context } from './context.ts';
import { guardedColumn } from './guarded-column.ts';
import type { SearchHit } from './repository.ts';
import { entityPredicate } from './row-rights.ts';
import { openColumns, searchConditions } from './search-conditions.ts';
import { literal, type Parameters, parameters, quoted, run } from './statement.ts';

export async function search(
  database: Knex,
  context: Context,
  text: string,
  options: { readonly entities?: readonly string[]; readonly limit: number },
): Promise<readonly SearchHit[]> {
  const entities = readableEntities(context).filter(
    (entity) => entity.meta.search !== undefined && (options.entities === undefined || options.entities.includes(entity.name)),
  );
  if (entities.length === 0 || searchTerms(text).length === 0) return [];
  const bound = parameters();
  const limit = bound.bind(options.limit);
  const parts = entities.map((entity) => hitsOf(context, entity, text, limit, bound));
  return run<SearchHit & Record<string, unknown>>(context.transaction ?? database, {
    text: `SELECT entity, id, display_name, subtitle, rank::float8 AS rank FROM (${parts.join(' UNION ALL ')}) hits ORDER BY rank DESC, display_name, id LIMIT ${limit}::int`,
    values: bound.values,
  });
}

/**
 * Rank: how much of the folded name the query is (trigram similarity, 0…1), plus 1 where the name begins with it. The
 * fenced inner query keeps the planner on the trigram index instead of walking the primary key for the LIMIT. Where fields
 * of it are closed the name has no rank: that would tell how like the query it is.
 */
function hitsOf(context: Context, entity: Entity, text: string, limit: string, bound: Parameters): string {
  const folded = fold(text);
  const conditions = [
    ...searchConditions(context, entity, 't', text, bound),
    't."deleted_at" IS NULL',
    entityPredicate(context, entity, 't', bound, 'read'),
  ];
  const subtitle = subtitleSql(entity);
  const schema = quoted(context.registry.app.schema);
  const name = `split_part(t."search_text", E'\\n', 1)`;
  const displayName = entity.fields.get('display_name');
  const shown = displayName === undefined ? 'NULL::text' : guardedColumn(context, entity, displayName, 't', bound)('');
  const rank =
    openColumns(context, entity, 't') !== undefined
      ? '0::real'
      : `${schema}.similarity(${name}, ${bound.bind(folded)}) + starts_with(${name}, ${bound.bind(folded)})::int`;
  return `(SELECT ${literal(entity.name)} AS entity, t."id" AS id, ${shown} AS display_name, ${subtitle} AS subtitle, ${rank} AS rank FROM (SELECT * FROM ${entity.qualifiedTable} t WHERE ${conditions.join(' AND ')} OFFSET 0) t ORDER BY rank DESC, t."id" LIMIT ${limit}::int)`;
}

function subtitleSql(entity: Entity): string {
  const columns = (entity.meta.display.subtitleFields ?? []).flatMap((path) => {
    const [name = '', part] = path.split('.');
    const field = entity.fields.get(name);
    if (field === undefined || field.guard !== undefined) return [];
    const suffix = part === undefined ? '' : field.type.parts?.[part]?.suffix;
    const column = field.columns.find((one) => one.suffix === suffix);
    return column?.kind === 'text' ? [`nullif(t.${quoted(column.name)}, '')`] : [];
  });
  return columns.length === 0 ? 'NULL::text' : `nullif(concat_ws(' · ', ${columns.join(', ')}), '')`;
}
