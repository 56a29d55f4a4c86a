// Writes the rows of a chunk, each under a savepoint: what the repository refuses goes to the rejects, the others stay.
import { databaseProblem } from '../database/problems.ts';
import { type Issue, Problem } from '../problem.ts';
import type { Repository, Saved, Written } from '../repository/repository.ts';
import { run } from '../repository/statement.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import { type Existing, existingRecords } from './existing.ts';
import { type ImportTotals, noRows } from './import-totals.ts';
import type { CompiledMapping, MappedField } from './mapping.ts';
import type { Found, ReferenceFinder } from './references.ts';
import type { Reject, Warning } from './rejects.ts';
import { type RowInput, rejectOf } from './row-input.ts';
import { saveRow } from './save-row.ts';

export interface RowServices {
  readonly repository: Repository;
  readonly mapping: CompiledMapping;
  readonly finder: ReferenceFinder;
}

type Counts = { -readonly [K in keyof ImportTotals]: ImportTotals[K] };

/** What a row has done to a record. */
export interface SavedRow extends Saved {
  readonly row: number;
}

/** What became of some rows, in their order. */
export interface WrittenRows {
  readonly counts: ImportTotals;
  /** `rowRejected` tells what became of the whole row. */
  readonly rejects: readonly Reject[];
  readonly warnings: readonly Warning[];
  readonly saved: readonly SavedRow[];
}

/** @param each told of every row, for whoever wants more than the sums */
export async function writeRows(
  context: TransactionContext,
  services: RowServices,
  rows: readonly RowInput[],
  each: (row: RowInput, result: RowResult) => void = () => undefined,
): Promise<WrittenRows> {
  const counts: Counts = { ...noRows };
  const rejects: Reject[] = [];
  const warnings: Warning[] = [];
  const saved: SavedRow[] = [];
  const existing = await existingRecords(services.repository, context, services.mapping, rows);
  await run(context.transaction, statement('SAVEPOINT import_row'));
  for (const row of rows) {
    const result = await writeRow(context, services, existing, row);
    each(row, result);
    const { outcome, warning } = result;
    counts.read += 1;
    counts[outcome] += 1;
    if (outcome !== 'rejected' && outcome !== 'skipped') counts.accepted += 1;
    if (outcome !== 'rejected') counts.fieldsRejected += result.rejects.length;
    rejects.push(...result.rejects);
    if (warning !== undefined) {
      counts.duplicates += 1;
      warnings.push({ row: row.row, ...warning });
    }
    saved.push(...result.saved.map((one) => ({ row: row.row, ...one })));
  }
  return { counts, rejects, warnings, saved };
}

export interface RowResult {
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'skipped' | 'rejected';
  readonly rejects: readonly Reject[];
  readonly warning?: Omit<Warning, 'row'> | undefined;
  readonly saved: readonly Saved[];
  /** As it was written, references resolved. */
  readonly input: Readonly<Record<string, unknown>>;
}

async function writeRow(
  context: TransactionContext,
  services: RowServices,
  existing: Existing,
  row: RowInput,
): Promise<RowResult> {
  const { mapping } = services;
  const { input, rejects } = await resolveReferences(context, services, row);
  const rejected = (): RowResult => ({
    outcome: 'rejected',
    rejects: rejects.map((reject) => ({ ...reject, rowRejected: true })),
    saved: [],
    input,
  });
  if (row.refused || rejects.some((reject) => reject.rowRejected)) return rejected();
  for (;;) {
    const saved: Saved[] = [];
    try {
      const { written, warning } = await saveRow(context, services, existing, input, (one) => saved.push(one));
      await run(context.transaction, statement('RELEASE SAVEPOINT import_row; SAVEPOINT import_row'));
      return { outcome: outcomeOf(written), rejects, warning, saved, input };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      await run(context.transaction, statement('ROLLBACK TO SAVEPOINT import_row'));
      const found = findingsOf(mapping, row, refusal);
      rejects.push(...found.map((finding) => finding.reject));
      // Again without the values that the row can do without; each round has fewer of them.
      const fields = new Set(found.map((finding) => (finding.droppable ? finding.mapped : undefined)));
      if (![...fields].every((mapped) => leaveOut(input, mapped))) return rejected();
    }
  }
}

function outcomeOf(written: Written | undefined): RowResult['outcome'] {
  if (written === undefined) return 'skipped';
  if (written.created) return 'created';
  return written.changed ? 'updated' : 'unchanged';
}

/** False when there is nothing to leave out: the finding is then not about a value of the file. */
function leaveOut(input: Record<string, unknown>, mapped: MappedField | undefined): boolean {
  if (mapped === undefined || input[mapped.field.name] === undefined) return false;
  const value = input[mapped.field.name];
  delete input[mapped.field.name];
  if (mapped.part === undefined) return true;
  const { [mapped.part]: part, ...parts } = value as Readonly<Record<string, unknown>>;
  if (Object.keys(parts).length > 0) input[mapped.field.name] = parts;
  return part !== undefined;
}

const statement = (text: string) => ({ text, values: [] });

/** A fault of ours, a deadlock or a lost database is nobody's row: the chunk is undone, and tried again where that helps. */
function refusalOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error.status < 500 ? error : undefined;
  const meaning = databaseProblem(error);
  return meaning !== undefined && meaning.status < 500 && !meaning.retry ? meaning : undefined;
}

const reasons: Readonly<Record<Exclude<Found, { id: string }>['missing'], string>> = {
  unknown: 'has no such record',
  ambiguous: 'has several such records',
  malformed: 'cannot have such a value',
};

async function resolveReferences(context: TransactionContext, { finder }: RowServices, row: RowInput) {
  const input = { ...row.input };
  const rejects = [...row.rejects];
  for (const wanted of row.references) {
    const found = await finder.find(context, wanted);
    if ('id' in found) {
      input[wanted.mapped.field.name] = found.id;
      continue;
    }
    const detail = `${wanted.target || 'The record'} ${reasons[found.missing]} (${wanted.match}).`;
    rejects.push(rejectOf(row.row, wanted.mapped, row.cells, { code: `reference_${found.missing}`, detail }));
  }
  return { input, rejects };
}

/** The mapped field that a finding is about: `/address/city` is `address.city`, `/address` any of its parts. */
function mappedOf({ fields }: CompiledMapping, pointer: string): MappedField | undefined {
  const [name = '', part] = pointer.slice(1).split('/');
  return (
    fields.find((mapped) => mapped.field.name === name && mapped.part === part) ??
    fields.find((mapped) => mapped.field.name === name)
  );
}

interface Finding {
  readonly mapped: MappedField | undefined;
  readonly reject: Reject;
  /** The row can do without the value, and its mapping says that it may. */
  readonly droppable: boolean;
}

function findingsOf(mapping: CompiledMapping, row: RowInput, error: Problem): readonly Finding[] {
  const issues: readonly Issue[] =
    error.errors.length > 0 ? error.errors : [{ pointer: '', code: error.code, detail: error.detail ?? error.title }];
  return issues.map((issue) => {
    const mapped = mappedOf(mapping, issue.pointer);
    if (mapped !== undefined) {
      const { onInvalid, field } = mapped;
      const droppable = onInvalid === 'rejectField' && !field.required && field.name !== mapping.upsertOn;
      return { mapped, reject: rejectOf(row.row, mapped, row.cells, issue), droppable };
    }
    const field = issue.pointer.slice(1).replaceAll('/', '.');
    const reject = { row: row.row, field, value: '', code: issue.code, reason: issue.detail, rowRejected: true };
    return { mapped, reject, droppable: false };
  });
}
