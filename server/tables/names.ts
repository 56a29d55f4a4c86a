// Names of indexes and constraints: readable, stable over renames of fields, at most 63 bytes.
import { createHash } from 'node:crypto';
import type { engineTables } from '../metadata/engine-tables.ts';
import type { Naming } from './schema-types.ts';

/** NAMEDATALEN - 1: PostgreSQL silently cuts longer names. */
export const maxNameLength = 63;

/** First 8 hex digits of the SHA-256 of the parts. */
export function shortHash(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8);
}

/**
 * `<table>_<hash>_<kind>`, the table's part cut where needed. Names are ASCII, so characters are bytes.
 * @example objectName('lib_tags', '0a1b2c3d', 'idx') // 'lib_tags_0a1b2c3d_idx'
 */
export function objectName(table: string, hash: string, kind: 'idx' | 'key' | 'pkey' | 'fkey' | 'check' | 'sync'): string {
  const tail = `_${hash}_${kind}`;
  return table.slice(0, maxNameLength - tail.length) + tail;
}

/** Where a retired table or column waits: `<name>__retired_<hash of its id>`. */
export function retiredName(name: string, id: string): string {
  const tail = `__retired_${shortHash(id)}`;
  return name.slice(0, maxNameLength - tail.length) + tail;
}

/** Where a new table or column waits until the name that it is to have is free: `<name>__next_<hash of its id>`. */
export function nextName(name: string, id: string): string {
  const tail = `__next_${shortHash(id)}`;
  return name.slice(0, maxNameLength - tail.length) + tail;
}

/** A partition of `table`; `part` is `y2026m11` or `default`. */
export function partitionName(table: string, part: string): string {
  const whole = `${table}_${part}`;
  if (whole.length <= maxNameLength) return whole;
  const tail = `_${shortHash(table)}_${part}`;
  return table.slice(0, maxNameLength - tail.length) + tail;
}

/** The engine's own columns that are never null, whatever the metadata says of input. */
export const neverNull: ReadonlySet<string> = new Set(['id', 'version', 'display_name', 'created_at', 'updated_at']);

export type SystemTable = (typeof engineTables)[number];

/** `"schema"."table"` of a system table. */
export function systemTable(app: Naming, name: SystemTable): string {
  return `${quoteName(app.schema)}.${quoteName(`${app.prefix}${name}`)}`;
}

/** `"name"`, embedded quotes doubled. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** `'text'` as SQL literal, with standard_conforming_strings on (PostgreSQL's default). */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
