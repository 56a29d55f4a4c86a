// A field's default value as SQL, so that a required column can be added to rows that are already there.
import type { Column, Field } from '../metadata/registry.ts';
import { quoteText } from './names.ts';

/** What the engine's own columns start with when a statement leaves them out. */
const systemDefaults: Readonly<Record<string, string>> = {
  version: '1',
  display_name: "''",
  created_at: 'now()',
  updated_at: 'now()',
};

/**
 * The DEFAULT expression of a field's main column, or null. Only constants of the column's own type become one (a
 * constant default is added without a rewrite); all others are filled in by the repository alone.
 */
export function columnDefault(field: Field, column: Column): string | null {
  if (field.system) return systemDefaults[field.name] ?? null;
  const value = field.meta.default;
  if (value === undefined || value === null || column.suffix !== '') return null;
  return constant(value, column.type);
}

function constant(value: unknown, type: string): string | null {
  const base = type.replace(/\(.*/, '');
  if (type.endsWith('[]'))
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? textArray(value, type) : null;
  if (base === 'json' || base === 'jsonb') return `${quoteText(JSON.stringify(value))}::${base}`;
  if (base === 'boolean') return typeof value === 'boolean' ? String(value) : null;
  if (['smallint', 'integer', 'bigint', 'numeric'].includes(base))
    return /^-?\d+(\.\d+)?$/.test(String(value)) ? String(value) : null;
  if (typeof value !== 'string') return null;
  if (base === 'text' || base === 'character varying') return quoteText(value);
  if (base === 'date' && /^\d{4}-\d\d-\d\d$/.test(value)) return `${quoteText(value)}::date`;
  return null;
}

const textArray = (items: readonly string[], type: string): string =>
  items.length === 0 ? `'{}'::${type}` : `ARRAY[${items.map(quoteText).join(', ')}]::${type}`;
