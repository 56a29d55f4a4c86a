// What the filter bar offers: the paths of an entity that take operators, and a first operator for each.
import type { Label } from '../../../server/fields/field-type.ts';
import type { MetaEntity, MetaField } from '../../../server/forms/meta-document.ts';
import type { FilterRow } from './list-search.ts';

export interface FilterPath {
  readonly path: string;
  readonly field: MetaField;
  readonly label: readonly Label[];
  readonly operators: readonly string[];
}

/** Fields people filter by first; the engine's own come last. */
export function filterPaths(entity: MetaEntity): readonly FilterPath[] {
  const fields = Object.values(entity.fields).filter((field) => field.secret !== true && field.operators.length > 0);
  const ordered = [...fields.filter((field) => !field.system), ...fields.filter((field) => field.system)];
  return ordered.flatMap((field) => [
    ...(field.parts === undefined ? [{ path: field.name, field, label: [field.label], operators: field.operators }] : []),
    ...Object.entries(field.parts ?? {}).map(([part, { label, operators }]) => ({
      path: `${field.name}.${part}`,
      field,
      label: [field.label, label],
      operators,
    })),
  ]);
}

const preferred = ['icontains', 'has', 'eq'];

export const firstOperator = (path: FilterPath): string =>
  (path.field.options === undefined ? preferred : ['in', 'hasAny']).find((alias) => path.operators.includes(alias)) ??
  path.operators[0] ??
  'eq';

export function firstRow(entity: MetaEntity): FilterRow {
  const paths = filterPaths(entity);
  const first = paths.find((path) => entity.display.nameFields.includes(path.path)) ?? paths[0];
  return { field: first?.path ?? 'id', op: first === undefined ? 'eq' : firstOperator(first), value: '' };
}
