// How a mapping changes while somebody chooses: pure, so that what is not shown (constants, tables of values) stays as it is.
import type { Label } from '../../../server/fields/field-type.ts';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import type { Mapping } from './import-api.ts';

export interface Target {
  /** `name`, `address.city` */
  readonly path: string;
  readonly label: readonly Label[];
}

/** What a column may fill, in the order of the form. */
export function targetsOf(entity: MetaEntity): readonly Target[] {
  const open = Object.values(entity.fields).filter(
    ({ secret, readOnly, name, type }) =>
      // The bytes of a file do not stand in a cell.
      secret !== true && (!readOnly || name === 'external_id') && type !== 'file' && type !== 'image',
  );
  return open.flatMap(({ name, label, parts }) =>
    parts === undefined
      ? [{ path: name, label: [label] }]
      : Object.entries(parts).map(([part, own]) => ({ path: `${name}.${part}`, label: [label, own.label] })),
  );
}

/** Fields that rows can be matched on: unique ones that a column fills. */
export function keysOf(entity: MetaEntity, { fields }: Mapping): readonly Target[] {
  return targetsOf(entity).filter(
    ({ path }) => path in fields && (path === 'external_id' || entity.fields[path]?.unique === true),
  );
}

export const targetOf = ({ fields }: Mapping, column: string): string | null =>
  Object.entries(fields).find(([, source]) => source.column === column)?.[0] ?? null;

/** @param path null: the column fills nothing */
export function withTarget(mapping: Mapping, column: string, path: string | null): Mapping {
  const before = targetOf(mapping, column);
  if (before === path) return mapping;
  const source = before === null ? undefined : mapping.fields[before];
  const { match: _match, map: _map, ...kept } = source ?? { column };
  const rest = Object.entries(mapping.fields).filter(([name]) => name !== before && name !== path);
  const fields = Object.fromEntries([...rest, ...(path === null ? [] : [[path, { ...kept, column }] as const])]);
  const lost = typeof mapping.upsertOn === 'string' && !(mapping.upsertOn in fields);
  return { ...mapping, fields, ...(lost ? { upsertOn: null } : {}) };
}

/** @param pattern '' for the ways that are understood anyway */
export function withDateFormat(mapping: Mapping, path: string, pattern: string): Mapping {
  const { format: { dateFormats: _dateFormats, ...format } = {}, ...source } = mapping.fields[path] ?? {};
  const next =
    pattern.trim() === ''
      ? format
      : {
          ...format,
          dateFormats: pattern
            .split('|')
            .map((one) => one.trim())
            .filter(Boolean),
        };
  return {
    ...mapping,
    fields: { ...mapping.fields, [path]: { ...source, ...(Object.keys(next).length === 0 ? {} : { format: next }) } },
  };
}
