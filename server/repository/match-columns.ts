// The keys of a record under which duplicate rules find others like it.
import { keyOf } from '../matching/normalisers.ts';
import { matchKeysOf } from '../metadata/match-keys.ts';
import type { Entity } from '../metadata/registry.ts';
import type { RecordValues } from './records.ts';

/** The maintained key columns; null where the record has no such key. `record` has its `display_name` already. */
export const matchColumns = (entity: Entity, record: RecordValues): Readonly<Record<string, string | null>> =>
  Object.fromEntries(
    matchKeysOf(entity.meta).map(({ name, normaliser, field, part }) => [name, keyOf(normaliser, partOf(record[field], part))]),
  );

/** Of an address, one of its parts. */
export function partOf(value: unknown, part: string | undefined): unknown {
  if (part === undefined || typeof value !== 'object' || value === null) return value;
  return (value as RecordValues)[part];
}
