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

export async function writeRows(
  context: TransactionContext,
  services: RowServices,
  rows: readonly RowInput[],
): Promise<{ readonly counts: ImportTotals; readonly rejects: readonly Reject[] }> {
  const counts: Counts = { read: 0, accepted: 0, rejected: 0, created: 0, updated: 0, unchanged: 0, fieldsRejected: 0 };
  const rejects: Reject[] = [];
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
  const resolved = await resolveReferences(context, services, row);
  if (row.refused || resolved.rejects.some((reject) => reject.rowRejected))
    return { written: undefined, rejects: resolved.rejects };
  await run(context.transaction, savepoint('SAVEPOINT import_row'));
  try {
    const { written, rejects } = await upsert(context, services, row, resolved.input);
    await run(context.transaction, savepoint('RELEASE SAVEPOINT import_row'));
    return { written, rejects: [...resolved.rejects, ...rejects] };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    await run(context.transaction, savepoint('ROLLBACK TO SAVEPOINT import_row'));
    return { written: undefined, rejects: [...resolved.rejects, ...rejectsOf(services.mapping, row, refusal)] };
  }
}

const savepoint = (text: string) => ({ text, values: [] });

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

/** Told apart from every error of the repository: a value was refused whose mapping wants the row refused with it. */
const rowMustGo = Symbol('a value refuses its row');

async function upsert(
  context: TransactionContext,
  { repository, mapping }: RowServices,
  row: RowInput,
  input: Readonly<Record<string, unknown>>,
): Promise<{ readonly written: Written; readonly rejects: readonly Reject[] }> {
  const { entity, upsertOn } = mapping;
  const rejects: Reject[] = [];
  try {
    const written = await repository.upsert(context, entity.name, input, upsertOn, {
      onFieldIssue: (issue) => {
        const mapped = mappedOf(mapping, issue.pointer);
        if (mapped === undefined || mapped.onInvalid === 'rejectRow') throw rowMustGo;
        rejects.push(rejectOf(row.row, mapped, row.cells, issue));
      },
    });
    return { written, rejects };
  } catch (error) {
    if (error !== rowMustGo) throw error;
    // Once more without mercy: the repository then names every finding of the row.
    return { written: await repository.upsert(context, entity.name, input, upsertOn), rejects: [] };
  }
}

/** The mapped field that a finding is about: `/address/city` is `address.city`, `/address` any of its parts. */
function mappedOf({ fields }: CompiledMapping, pointer: string): MappedField | undefined {
  const [name = '', part] = pointer.slice(1).split('/');
  return (
    fields.find((mapped) => mapped.field.name === name && mapped.part === part) ??
    fields.find((mapped) => mapped.field.name === name)
  );
}

function rejectsOf(mapping: CompiledMapping, row: RowInput, error: Problem): readonly Reject[] {
  const issues: readonly Issue[] =
    error.errors.length > 0 ? error.errors : [{ pointer: '', code: error.code, detail: error.detail ?? error.title }];
  return issues.map((issue) => {
    const mapped = mappedOf(mapping, issue.pointer);
    if (mapped !== undefined) return { ...rejectOf(row.row, mapped, row.cells, issue), rowRejected: true };
    const field = issue.pointer.slice(1).replaceAll('/', '.');
    return { row: row.row, field, value: '', code: issue.code, reason: issue.detail, rowRejected: true };
  });
}
