// Columns the engine keeps beside the record: what it is called, and what searches look into.
import type { Entity } from '../metadata/registry.ts';
import { fold } from '../query/fold.ts';
import type { RecordValues } from './records.ts';

const maxDisplayName = 400;
const maxSearchText = 8000;

/** The values of the maintained columns for a record as it will be stored. */
export function maintainedColumns(entity: Entity, record: RecordValues): Readonly<Record<string, string>> {
  const columns: Record<string, string> = { display_name: displayName(entity, record) };
  if (entity.fields.has('search_text')) columns['search_text'] = searchText(entity, record);
  return columns;
}

/** The name fields' values joined by a space. */
export function displayName(entity: Entity, record: RecordValues): string {
  return entity.meta.display.nameFields
    .map((name) => asText(record[name]))
    .filter(Boolean)
    .join(' ')
    .slice(0, maxDisplayName);
}

/** Folded values of the search fields, one a line, so that a search term never spans two fields. */
function searchText(entity: Entity, record: RecordValues): string {
  const fields = entity.meta.search?.fields ?? [];
  return fields
    .map((field) => fold(field.name === 'display_name' ? displayName(entity, record) : asText(record[field.name])))
    .filter(Boolean)
    .join('\n')
    .slice(0, maxSearchText);
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return Object.values(value).map(asText).filter(Boolean).join(' ');
  return String(value);
}
