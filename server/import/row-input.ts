// One row of the file → the input of one record: cells read by the field types, references left to be resolved.
import Big from 'big.js';
import type { FieldIssue } from '../fields/field-type.ts';
import { type Cell, cellText, type FileRow } from './formats/row-file.ts';
import type { CompiledMapping, MappedField } from './mapping.ts';
import { type Reject, storableText } from './rejects.ts';

export interface WantedReference {
  readonly mapped: MappedField;
  /** Plural name of the entity. */
  readonly target: string;
  readonly match: string;
  readonly text: string;
}

export interface RowInput {
  readonly row: number;
  readonly cells: readonly Cell[];
  /** API values by field name. A field without a cell is absent: an empty cell says nothing. */
  readonly input: Record<string, unknown>;
  readonly references: readonly WantedReference[];
  readonly rejects: readonly Reject[];
  /** The row cannot be taken, whatever the repository says. */
  readonly refused: boolean;
}

export function rowInput(mapping: CompiledMapping, { row, cells, typed }: FileRow): RowInput {
  const input: Record<string, unknown> = {};
  const references: Omit<WantedReference, 'target'>[] = [];
  const rejects: Reject[] = [];
  if (cells.length !== mapping.width) {
    const reason = `The row has ${cells.length} cells, the header ${mapping.width}.`;
    const value = storableText(cells.map(cellText).join(' ').slice(0, 200));
    rejects.push({ row, field: '', value, code: 'columns', reason, rowRejected: true });
    return { row, cells, input, references: [], rejects, refused: true };
  }
  for (const mapped of mapping.fields) {
    if (mapped.constant !== undefined) {
      put(input, mapped, mapped.constant);
      continue;
    }
    const cell = cellOf(mapped, cells);
    if (cell === '') continue;
    if (mapped.reference !== undefined) {
      references.push({ mapped, match: mapped.reference.match, text: cellText(cell) });
      continue;
    }
    const read = readCell(mapped, cell, typed === true);
    if ('value' in read) put(input, mapped, read.value);
    else rejects.push(...read.issues.map((issue) => rejectOf(row, mapped, cells, issue)));
  }
  // The kind of a record of any kind may stand behind its id.
  const led = references.map((reference): WantedReference => {
    const { target, typeField = '' } = reference.mapped.reference ?? {};
    return { ...reference, target: target ?? String(input[typeField] ?? '') };
  });
  return { row, cells, input, references: led, rejects, refused: rejects.some((reject) => reject.rowRejected) };
}

/** What is for a field: the one value that its format has kept the type of, else the text; then through the mapping's own table. */
export function cellOf({ columns, map }: MappedField, cells: readonly Cell[]): Cell {
  const [only = -1, ...others] = columns;
  const cell = others.length === 0 ? (cells[only] ?? '') : rawText(columns, cells);
  return map.get(cellText(cell).trim()) ?? (typeof cell === 'string' && cell.trim() === '' ? '' : cell);
}

/** The text of the columns, joined by a space. */
export const rawText = (columns: readonly number[], cells: readonly Cell[]): string =>
  columns
    .map((at) => cellText(cells[at] ?? ''))
    .filter((text) => text.trim() !== '')
    .join(' ');

type Read = { readonly value: unknown } | { readonly issues: readonly FieldIssue[] };

/** What has a type is taken for a value of the API where the field has the same, and read as text where it has another. */
function readCell({ part, field, format, decimals }: MappedField, cell: Cell, typed: boolean): Read {
  const { type, meta } = field;
  if (part !== undefined) return { value: cellText(cell).trim() };
  if (typeof cell === 'object' || (typeof cell === 'boolean' && type.kind === 'boolean')) return { value: cell };
  if ((typed || typeof cell !== 'string') && type.kind === 'json') return { value: cell };
  // Numbers of programs have a point, whatever the people of the file write.
  const as = typeof cell === 'number' ? { ...format, decimalSeparator: '.' as const } : format;
  const read = type.fromText(cellText(cell), meta, as);
  return decimals !== undefined && type.kind === 'decimal' && 'value' in read ? { value: rounded(read.value, decimals) } : read;
}

function rounded(value: unknown, decimals: number): unknown {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? new Big(value).round(decimals).toFixed() : value;
}

function put(input: Record<string, unknown>, { field, part }: MappedField, value: unknown): void {
  if (part === undefined) input[field.name] = value;
  else input[field.name] = { ...(input[field.name] as object | undefined), [part]: value };
}

export const rejectOf = (row: number, mapped: MappedField, cells: readonly Cell[], issue: Omit<FieldIssue, 'path'>): Reject => ({
  row,
  field: mapped.path,
  value: storableText(rawText(mapped.columns, cells)),
  code: issue.code,
  reason: issue.detail,
  rowRejected: mapped.onInvalid === 'rejectRow',
});
