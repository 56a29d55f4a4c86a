// `q=` → SQL: every term must occur in one of the entity's search fields, and only in those that the actor may read.
import type { Entity } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { searchTerms } from '../query/search-terms.ts';
import { columnOf } from './columns.ts';
import type { Context } from './context.ts';
import type { Parameters } from './statement.ts';

/**
 * The maintained search text holds all search fields together. Where some of them are closed to the actor it only finds
 * candidates, by its index; the open fields then have to hold the term themselves.
 * @param entity as the actor sees it
 */
export function searchConditions(
  context: Context,
  entity: Entity,
  alias: string,
  text: string,
  bound: Parameters,
): readonly string[] {
  if (!entity.fields.has('search_text'))
    throw problem('invalid_query', {
      errors: [{ pointer: '?q', code: 'not_searchable', detail: `${entity.name} cannot be searched.` }],
    });
  const open = openColumns(context, entity, alias);
  return searchTerms(text).flatMap((term) => {
    const pattern = bound.bind(`%${escapeLike(term)}%`);
    const found = `${alias}."search_text" LIKE ${pattern}`;
    if (open === undefined) return [found];
    return [found, open.length === 0 ? 'false' : `(${open.map((column) => `${folded(column)} LIKE ${pattern}`).join(' OR ')})`];
  });
}

/** Columns of the search fields that are open; undefined where all are, and the search text can be trusted. */
export function openColumns(context: Context, entity: Entity, alias: string): readonly string[] | undefined {
  const full = context.registry.entities.get(entity.name) ?? entity;
  const names = [...new Set([...(full.meta.search?.fields ?? []).map(({ name }) => name), ...full.meta.display.nameFields])];
  const open = names.flatMap((name) => {
    const field = entity.fields.get(name);
    return field === undefined || field.guard !== undefined ? [] : [field];
  });
  if (open.length === names.length) return undefined;
  return open.flatMap((field) => field.columns.map(({ suffix }) => `${columnOf(field, alias)(suffix)}::text`));
}

/** As `fold` does, for Latin and Arabic marks; what it folds beyond that is not found in fields that are searched one by one. */
const folded = (column: string): string =>
  `lower(regexp_replace(normalize(${column}, NFKD), '[\\u0300-\\u036F\\u0610-\\u061A\\u064B-\\u065F\\u0670]', '', 'g'))`;

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
