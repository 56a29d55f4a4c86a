// The filter bar's rows and the view's own filter → one condition tree in `filter=`, the server's own grammar.
import { operatorByAlias } from '../../../server/conditions/operators.ts';
import type { Condition, Operand } from '../../../server/conditions/tree.ts';
import type { ValueKind } from '../../../server/conditions/value-kind.ts';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import type { FilterRow } from './list-search.ts';

/** Kind of a path: a field, or `field.part`. */
export function kindOfPath(entity: MetaEntity, path: string): ValueKind | undefined {
  const [name = '', part] = path.split('.');
  const field = Object.hasOwn(entity.fields, name) ? entity.fields[name] : undefined;
  return part === undefined ? field?.kind : field?.parts?.[part]?.kind;
}

const typed = (text: string, kind: ValueKind): string | number | boolean => {
  if (kind === 'integer' && /^-?\d{1,15}$/.test(text)) return Number(text);
  return kind === 'boolean' ? text === 'true' : text;
};

/** A row that is not filled in yet asks nothing. */
export function conditionOf(entity: MetaEntity, row: FilterRow): Condition | undefined {
  const operator = operatorByAlias(row.op);
  const kind = kindOfPath(entity, row.field);
  if (operator === undefined || kind === undefined || !operator.kinds.includes(kind)) return undefined;
  const leaf = (value: Operand): Condition => ({ fact: row.field, operator: operator.name, value });
  const values = typeof row.value === 'string' ? [row.value] : row.value;
  if (operator.shape === 'flag') return leaf(values[0] !== 'false');
  const given = values.filter((value) => value !== '').map((value) => typed(value, kind));
  if (operator.shape === 'range') return given.length === 2 ? leaf(given) : undefined;
  if (given.length === 0) return undefined;
  return leaf(operator.shape === 'many' ? given : (given[0] ?? null));
}

export function filterParameters(entity: MetaEntity, rows: readonly FilterRow[], own: Condition | undefined): URLSearchParams {
  const asked = rows.flatMap((row) => conditionOf(entity, row) ?? []);
  const all = own === undefined ? asked : [own, ...asked];
  return new URLSearchParams(all.length === 0 ? {} : { filter: JSON.stringify(all.length === 1 ? all[0] : { all }) });
}
