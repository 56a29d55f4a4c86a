// Sort orders: `-amount,name` ↔ sort keys, checked against the entity.

import { didYouMean } from '../conditions/did-you-mean.ts';
import { currentMember } from '../metadata/aliases.ts';
import type { Entity } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import type { SortKey } from './ast.ts';

/** What lists are sorted by when nobody says: newest first. */
export const defaultSort: readonly SortKey[] = [{ field: 'created_at', descending: true }];

const maxSortKeys = 5;

/** `pointer` is where the sort stands in the request, e.g. `?sort`. Findings are pushed to `issues`. */
export function parseSort(entity: Entity, text: string, pointer: string, issues: Issue[]): readonly SortKey[] {
  const keys = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => (part.startsWith('-') ? { field: part.slice(1), descending: true } : { field: part, descending: false }))
    .map((key) => ({ ...key, field: currentMember(entity, key.field) }));
  if (keys.length > maxSortKeys) issues.push({ pointer, code: 'too_many', detail: `At most ${maxSortKeys} sort fields.` });
  const sortable = [...entity.fields.values()].filter((field) => isSortable(entity, field.name)).map((field) => field.name);
  for (const key of keys) {
    if (!isSortable(entity, key.field)) {
      issues.push({ pointer, code: 'unknown_field', detail: `Cannot sort by "${key.field}".${didYouMean(key.field, sortable)}` });
    }
  }
  return keys.length === 0 ? defaultSort : keys;
}

/** Whether lists can be sorted by the field. */
export function isSortable(entity: Entity, name: string): boolean {
  const field = entity.fields.get(name);
  if (field === undefined || field.hidden || field.type.secret === true || field.type.sortable === false) return false;
  if (field.guard !== undefined) return false;
  return field.columns.length === 1 && field.type.kind !== 'set' && field.type.kind !== 'json';
}

/** A sort in current names, e.g. that of a cursor from before a rename. */
export const currentSort = (entity: Entity, text: string): string =>
  text
    .split(',')
    .map((part) => (part.startsWith('-') ? `-${currentMember(entity, part.slice(1))}` : currentMember(entity, part)))
    .join(',');

export function formatSort(sort: readonly SortKey[]): string {
  return sort.map((key) => (key.descending ? `-${key.field}` : key.field)).join(',');
}
