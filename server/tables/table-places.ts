// Where each table stands before a change, between prepare and swap, and in the end.
import { nextName, retiredName } from './names.ts';
import type { SchemaModel, TableModel } from './schema-types.ts';
import type { Stage } from './table-change.ts';

export interface PlacedTable extends Readonly<Record<Stage, string>> {
  readonly entityId: string;
  /** undefined: it is made. */
  readonly old: TableModel | undefined;
  /** undefined: it is set aside, or is so already. */
  readonly next: TableModel | undefined;
}

/** As with columns: a name that another table is to have is given up in `prepare`, so that nobody takes the one for the other. */
export function placeTables(from: SchemaModel | null, to: SchemaModel): readonly PlacedTable[] {
  const before = from?.tables ?? [];
  const wanted = new Map(to.tables.map((table) => [table.entityId, table]));
  const coming = new Set(to.tables.map((table) => table.name));
  const taken = new Set(before.map((table) => table.name));
  const known = new Set(before.map((table) => table.entityId));
  const kept = before.map((old): PlacedTable => {
    const { entityId, name: start } = old;
    const next = wanted.get(entityId);
    const end = next?.name ?? (old.retired === true ? start : retiredName(start, entityId));
    const contested = end !== start && coming.has(start);
    const prepared = contested ? (next === undefined ? end : nextName(start, entityId)) : start;
    return { entityId, old, next, start, prepared, end };
  });
  const made = to.tables
    .filter(({ entityId }) => !known.has(entityId))
    .map((next): PlacedTable => {
      const { entityId, name: end } = next;
      const start = taken.has(end) ? nextName(end, entityId) : end;
      return { entityId, old: undefined, next, start, prepared: start, end };
    });
  return [...kept, ...made];
}
