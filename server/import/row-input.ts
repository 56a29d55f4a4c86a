// One row of the file → the input of one record: cells read by the field types, references left to be resolved.
import { cellText } from '../fields/cell-text.ts';
import type { FieldIssue } from '../fields/field-type.ts';
import type { CsvRow } from './csv-rows.ts';
import type { CompiledMapping, MappedField } from './mapping.ts';
import type { Reject } from './rejects.ts';

export interface WantedReference {
  readonly mapped: MappedField;
  /** Plural name of the entity. */
  readonly target: string;
  readonly match: string;
  readonly text: string;
}

export interface RowInput {
  readonly row: number;
  readonly cells: readonly string[];
  /** API values by field name. A field without a cell is absent: an empty cell says nothing. */
  readonly input: Record<string, unknown>;
  readonly references: readonly WantedReference[];
  readonly rejects: readonly Reject[];
  /** The row cannot be taken, whatever the repository says. */
  readonly refused: boolean;
}

export function rowInput(mapping: CompiledMapping, { row, cells }: CsvRow): RowInput {
  const input: Record<string, unknown> = {};
  const references: WantedReference[] = [];
  const rejects: Reject[] = [];
  if (cells.length !== mapping.width) {
    const reason = `The row has ${cells.length} cells, the header ${mapping.width}.`;
    rejects.push({ row, field: '', value: cells.join(' ').slice(0, 200), code: 'columns', reason, rowRejected: true });
    return { row, cells, input, references, rejects, refused: true };
  }
  for (const mapped of mapping.fields) {
    const text = cellOf(mapped, cells);
    if (mapped.constant !== undefined) put(input, mapped, mapped.constant);
    if (text === '' || mapped.constant !== undefined) continue;
    if (mapped.reference !== undefined) {
      const target = mapped.reference.target ?? String(input[mapped.reference.typeField ?? ''] ?? '');
      references.push({ mapped, target, match: mapped.reference.match, text });
      continue;
    }
    const read = readCell(mapped, text, mapping);
    if ('value' in read) put(input, mapped, read.value);
    else rejects.push(...read.issues.map((issue) => rejectOf(row, mapped, cells, issue)));
  }
  return { row, cells, input, references, rejects, refused: rejects.some((reject) => reject.rowRejected) };
}

/** The text for a field: its columns joined by a space, then through the mapping's own table. */
function cellOf({ columns, map }: MappedField, cells: readonly string[]): string {
  const text = rawText(columns, cells);
  return map.get(cellText(text).trim()) ?? text;
}

export const rawText = (columns: readonly number[], cells: readonly string[]): string =>
  columns
    .map((at) => cells[at] ?? '')
    .filter((cell) => cell.trim() !== '')
    .join(' ');

function readCell(mapped: MappedField, text: string, { format }: CompiledMapping) {
  if (mapped.part !== undefined) return { value: cellText(text).trim() };
  return mapped.field.type.fromText(text, mapped.field.meta, format);
}

function put(input: Record<string, unknown>, { field, part }: MappedField, value: unknown): void {
  if (part === undefined) input[field.name] = value;
  else input[field.name] = { ...(input[field.name] as object | undefined), [part]: value };
}

export const rejectOf = (
  row: number,
  mapped: MappedField,
  cells: readonly string[],
  issue: Omit<FieldIssue, 'path'>,
): Reject => ({
  row,
  field: mapped.path,
  value: rawText(mapped.columns, cells),
  code: issue.code,
  reason: issue.detail,
  rowRejected: mapped.onInvalid === 'rejectRow',
});
