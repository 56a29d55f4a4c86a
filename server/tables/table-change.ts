// What becomes of each column of one table: where it stands before the change, between prepare and swap, and in the end.
import { type Conversion, conversion } from './conversions.ts';
import { baseId, generationOf, nextGeneration } from './generations.ts';
import { nextName, retiredName } from './names.ts';
import type { ColumnModel, TableModel } from './schema-types.ts';

export type Stage = 'start' | 'prepared' | 'end';

/** One column of the table, and its names. */
export interface Placed extends Readonly<Record<Stage, string>> {
  readonly id: string;
  /** undefined: it is added. */
  readonly old: ColumnModel | undefined;
  /** undefined: it is set aside, or is so already. */
  readonly next: ColumnModel | undefined;
}

/** A change of type: `shadow` takes the place of `source`. */
export interface Converted {
  readonly source: Placed & { readonly old: ColumnModel };
  readonly shadow: Placed & { readonly next: ColumnModel };
  readonly forth: Conversion;
  readonly back: Conversion;
}

export interface TableChange {
  readonly schema: string;
  /** Of the table. */
  readonly names: Readonly<Record<Stage, string>>;
  readonly before: TableModel;
  /** As wanted, its columns under the ids of their generations. */
  readonly after: TableModel;
  readonly columns: readonly Placed[];
  readonly conversions: readonly Converted[];
  /** Changes of type that no conversion makes. */
  readonly refused: readonly { readonly old: ColumnModel; readonly wanted: ColumnModel }[];
}

interface Match {
  readonly wanted: ColumnModel;
  readonly source: ColumnModel | undefined;
  readonly way: 'same' | 'convert' | 'refuse' | 'add';
}

export function tableChange(schema: string, names: TableChange['names'], before: TableModel, wanted: TableModel): TableChange {
  const matches = wanted.columns.filter((column) => column.retired !== true).map((column) => match(before, column));
  const next = (wantedColumn: ColumnModel, id: string): ColumnModel => ({ ...wantedColumn, id });
  const stays = new Map(
    matches.flatMap(({ wanted: column, source, way }) =>
      source !== undefined && (way === 'same' || way === 'refuse') ? [[source.id, next(column, source.id)] as const] : [],
    ),
  );
  const added = matches.flatMap(({ wanted: column, way }) =>
    way === 'add' || way === 'convert'
      ? [{ column: next(column, nextGeneration(column.id, before.columns)), shadow: way === 'convert' }]
      : [],
  );
  const columns = placed(before, stays, added);
  const byId = new Map(columns.map((column) => [column.id, column]));
  const conversions = matches.flatMap(({ wanted: column, source, way }): Converted[] => {
    const forth = source === undefined ? undefined : conversion(source.type, column.type);
    const back = source === undefined ? undefined : conversion(column.type, source.type);
    const from = byId.get(source?.id ?? '');
    const shadow = byId.get(nextGeneration(column.id, before.columns));
    if (way !== 'convert' || source === undefined || from === undefined || shadow?.next === undefined) return [];
    if (forth === undefined || back === undefined) return [];
    return [{ source: { ...from, old: source }, shadow: { ...shadow, next: shadow.next }, forth, back }];
  });
  const ids = new Map(
    columns.flatMap((column) => (column.next === undefined ? [] : [[baseId(column.id), column.next] as const])),
  );
  const after = {
    ...wanted,
    columns: matches.map(({ wanted: column }) => ids.get(baseId(column.id)) ?? column),
  };
  const refused = matches.flatMap(({ wanted: column, source, way }) =>
    way === 'refuse' && source !== undefined ? [{ old: source, wanted: column }] : [],
  );
  return { schema, names, before, after, columns, conversions, refused };
}

/** The live column of the id, else the newest of those set aside. */
function match(before: TableModel, wanted: ColumnModel): Match {
  const candidates = before.columns.filter((column) => baseId(column.id) === baseId(wanted.id));
  const source =
    candidates.find((column) => column.retired !== true) ??
    [...candidates].sort((a, b) => generationOf(b.id) - generationOf(a.id))[0];
  if (source === undefined) return { wanted, source, way: 'add' };
  if (sameOrWider(source, wanted)) return { wanted, source, way: 'same' };
  const known = conversion(source.type, wanted.type) !== undefined && conversion(wanted.type, source.type) !== undefined;
  if (known) return { wanted, source, way: 'convert' };
  return source.retired === true ? { wanted, source: undefined, way: 'add' } : { wanted, source, way: 'refuse' };
}

const sameOrWider = (source: ColumnModel, wanted: ColumnModel): boolean =>
  source.collation === wanted.collation &&
  (source.type === wanted.type ||
    (conversion(source.type, wanted.type)?.cost === 'instant' && conversion(wanted.type, source.type) !== undefined));

/**
 * A name that another column is to have is given up in `prepare`: whoever still serves the old metadata has been told by
 * then to look for the column under another name, and never takes the one for the other.
 */
function placed(
  before: TableModel,
  stays: ReadonlyMap<string, ColumnModel>,
  added: readonly { readonly column: ColumnModel; readonly shadow: boolean }[],
): readonly Placed[] {
  const taken = new Set(before.columns.map((column) => column.name));
  const wanted = new Set([...stays.values(), ...added.map(({ column }) => column)].map((column) => column.name));
  const old = before.columns.map((column): Placed => {
    const next = stays.get(column.id);
    const aside = column.retired === true ? column.name : retiredName(column.name, column.id);
    const end = next?.name ?? aside;
    const contested = end !== column.name && wanted.has(column.name);
    const prepared = contested ? (next === undefined ? end : nextName(column.name, column.id)) : column.name;
    return { id: column.id, old: column, next, start: column.name, prepared, end };
  });
  const fresh = added.map(({ column, shadow }): Placed => {
    const start = shadow || taken.has(column.name) ? nextName(column.name, column.id) : column.name;
    return { id: column.id, old: undefined, next: column, start, prepared: start, end: column.name };
  });
  return [...old, ...fresh];
}

/** The column that an index or key of the old table names. */
export const ofOldName = (change: TableChange, name: string): Placed | undefined =>
  change.columns.find((column) => column.old?.name === name);

/** The column that an index or key of the wanted table names. */
export const ofNewName = (change: TableChange, name: string): Placed | undefined =>
  change.columns.find((column) => column.next?.name === name);

/** Nobody writes into it before the swap. */
export const isNew = ({ old }: Placed): boolean => old === undefined || old.retired === true;
