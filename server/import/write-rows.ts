// Writes the rows of a chunk, each under a savepoint: what the repository refuses goes to the rejects, the others stay.
import { databaseProblem } from '../database/problems.ts';
import { type Issue, Problem } from '../problem.ts';
import type { Repository, Written } from '../repository/repository.ts';
import { run } from '../repository/statement.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import type { ImportTotals } from './import-file.ts';
import type { CompiledMapping, MappedField } from './mapping.ts';
import type { Found, ReferenceFinder } from './references.ts';
import type { Reject } from './rejects.ts';
import { type RowInput, rejectOf } from './row-input.ts';

export interface RowServices {
  readonly repository: Repository;
  readonly mapping: CompiledMapping;
  readonly finder: ReferenceFinder;
}

type Counts = { -readonly [K in keyof ImportTotals]: ImportTotals[K] };

/** Rejects come in the order of the rows, `rowRejected` telling what became of the whole row. */
export async function writeRows(
  context: TransactionContext,
  services: RowServices,
  rows: readonly RowInput[],
): Promise<{ readonly counts: ImportTotals; readonly rejects: readonly Reject[] }> {
  const counts: Counts = { read: 0, accepted: 0, rejected: 0, created: 0, updated: 0, unchanged: 0, fieldsRejected: 0 };
  const rejects: Reject[] = [];
  await run(context.transaction, statement('SAVEPOINT import_row'));
  for (const row of rows) {
    const { written, rejects: found } = await writeRow(context, services, row);
    counts.read += 1;
    if (written === undefined) {
      counts.rejected += 1;
      rejects.push(...found.map((reject) => ({ ...reject, rowRejected: true })));
      continue;
    }
    counts.accepted += 1;
    counts[written.created ? 'created' : written.changed ? 'updated' : 'unchanged'] += 1;
    counts.fieldsRejected += found.length;
    rejects.push(...found);
  }
  return { counts, rejects };
}

interface RowResult {
  /** Undefined: the row was refused. */
  readonly written: Written | undefined;
  readonly rejects: readonly Reject[];
}

async function writeRow(context: TransactionContext, services: RowServices, row: RowInput): Promise<RowResult> {
  const { mapping } = services;
  const { input, rejects } = await resolveReferences(context, services, row);
  if (row.refused || rejects.some((reject) => reject.rowRejected)) return { written: undefined, rejects };
  for (;;) {
    try {
      const written = await services.repository.upsert(context, mapping.entity.name, input, mapping.upsertOn);
      await run(context.transaction, statement('RELEASE SAVEPOINT import_row; SAVEPOINT import_row'));
      return { written, rejects };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      await run(context.transaction, statement('ROLLBACK TO SAVEPOINT import_row'));
      const found = findingsOf(mapping, row, refusal);
      rejects.push(...found.map((finding) => finding.reject));
      // Again without the values that the row can do without; each round has fewer of them.
      const fields = new Set(found.map((finding) => (finding.droppable ? finding.mapped : undefined)));
      if (![...fields].every((mapped) => leaveOut(input, mapped))) return { written: undefined, rejects };
    }
  }
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
