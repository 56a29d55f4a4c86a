// Columns the engine keeps beside the record: what it is called, and what searches look into.
import { fold } from '../matching/fold.ts';
import type { Entity } from '../metadata/registry.ts';
import { matchColumns } from './match-columns.ts';
import type { RecordValues } from './records.ts';

const maxDisplayName = 400;
const maxSearchText = 8000;

/** The values of the maintained columns for a record as it will be stored. */
export function maintainedColumns(entity: Entity, record: RecordValues): Readonly<Record<string, string | null>> {
  const columns: Record<string, string> = { display_name: displayName(entity, record) };
  if (entity.fields.has('search_text')) columns['search_text'] = searchText(entity, record);
  return { ...columns, ...matchColumns(entity, { ...record, ...columns }) };
}

/** The name fields' values joined by a space. */
export function displayName(entity: Entity, record: RecordValues): string {
  const parts = entity.meta.display.nameFields.map((name) => textOf(entity, record, name)).filter(Boolean);
  return cut(parts.join(' '), maxDisplayName);
}

/**
 * The folded name on the first line, for ranking; then the folded values of the search fields, one a line, so that a
 * search term never spans two of them.
 */
function searchText(entity: Entity, record: RecordValues): string {
  const values = (entity.meta.search?.fields ?? []).flatMap(({ name }) => searchedTexts(entity, record, name));
  const lines = [displayName(entity, record), ...values].map(fold);
  return cut([lines[0], ...new Set(lines.slice(1).filter((line) => line !== '' && line !== lines[0]))].join('\n'), maxSearchText);
}

function textOf(entity: Entity, record: RecordValues, name: string): string {
  const field = entity.fields.get(name);
  const value = record[name] ?? null;
  return value === null || field?.type.text === undefined ? asText(value) : field.type.text(value, field.meta);
}

/** A name in parts is found as it is written, and by its parts in any order. */
function searchedTexts(entity: Entity, record: RecordValues, name: string): readonly string[] {
  const text = textOf(entity, record, name);
  return typeof record[name] === 'object' ? [text, asText(record[name])] : [text];
}

/** At most `length` units, without half of a surrogate pair at the end. */
const cut = (text: string, length: number): string => text.slice(0, length).replace(/[\ud800-\udbff]$/, '');

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return Object.values(value).map(asText).filter(Boolean).join(' ');
  return String(value);
}
