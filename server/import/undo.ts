// Takes an import back, with the rights of whoever asks: what it created is deleted, what it changed is set back.
// A record that has been changed since stays as it is, and is told of.
import type { Entity } from '../metadata/registry.ts';
import { Problem } from '../problem.ts';
import { entityFor } from '../repository/access.ts';
import type { Context } from '../repository/context.ts';
import { sameValue } from '../repository/records.ts';
import type { Repository } from '../repository/repository.ts';
import { run } from '../repository/statement.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import { first, type ImportRecord, type KeptRecord, type UndoTotals } from './import-record.ts';
import { type JournalEntry, markUndone, nextToUndo } from './journal.ts';

export interface UndoOptions {
  readonly repository: Repository;
  readonly context: Context;
  readonly record: Pick<ImportRecord, 'id' | 'entity' | 'undone'>;
  readonly signal: AbortSignal;
  /** Inside each chunk's transaction. */
  readonly checkpoint: (context: TransactionContext, totals: UndoTotals) => Promise<void>;
  /** After each chunk is committed. */
  readonly onProgress: () => void;
}

/** Each record is a savepoint, as in an import. */
const chunkRecords = 50;

type Outcome = 'removed' | 'reverted' | KeptRecord;

/** Goes on where an earlier run stood. */
export async function undoImport(options: UndoOptions): Promise<UndoTotals> {
  let totals = options.record.undone;
  for (;;) {
    options.signal.throwIfAborted();
    const next = await options.repository.transaction(options.context, (inner) => undoChunk(options, inner, totals));
    if (next === undefined) return totals;
    totals = next;
    options.onProgress();
  }
}

/** Undefined: nothing is left to undo. */
async function undoChunk(
  { record, repository, checkpoint }: UndoOptions,
  context: TransactionContext,
  before: UndoTotals,
): Promise<UndoTotals | undefined> {
  const entity = entityFor(context, record.entity);
  const entries = await nextToUndo(context, record.id, chunkRecords);
  if (entries.length === 0) return undefined;
  let totals = before;
  await run(context.transaction, statement('SAVEPOINT undo_record'));
  for (const entry of entries) {
    const outcome = await undoRecord(repository, context, entity, entry);
    await markUndone(context, record.id, entry.record, typeof outcome === 'string' ? outcome : `kept: ${outcome.code}`);
    totals = counted(totals, outcome);
  }
  await checkpoint(context, totals);
  return totals;
}

const counted = (totals: UndoTotals, outcome: Outcome): UndoTotals =>
  typeof outcome === 'string'
    ? { ...totals, [outcome]: totals[outcome] + 1 }
    : { ...totals, kept: totals.kept + 1, reasons: first(totals.reasons, [outcome]) };

const statement = (text: string) => ({ text, values: [] });

async function undoRecord(
  repository: Repository,
  context: TransactionContext,
  entity: Entity,
  entry: JournalEntry,
): Promise<Outcome> {
  const kept = (code: string, reason: string): KeptRecord => ({ row: entry.row, id: entry.record, code, reason });
  try {
    const outcome = entry.created
      ? await removeCreated(repository, context, entity, entry)
      : await setBack(repository, context, entity, entry);
    await run(context.transaction, statement('RELEASE SAVEPOINT undo_record; SAVEPOINT undo_record'));
    return typeof outcome === 'string' ? outcome : kept('changed', outcome.reason);
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    await run(context.transaction, statement('ROLLBACK TO SAVEPOINT undo_record'));
    const [issue] = error.errors;
    return kept(error.code, issue?.detail ?? error.detail ?? error.title);
  }
}

type Changed = { readonly reason: string };

async function removeCreated(
  repository: Repository,
  context: TransactionContext,
  entity: Entity,
  { record, version }: JournalEntry,
): Promise<'removed' | Changed> {
  const current = JSON.parse(await repository.read(context, entity.name, record)) as Readonly<Record<string, unknown>>;
  if (Number(current['version']) !== version) return { reason: 'It has been changed since the import created it.' };
  await repository.remove(context, entity.name, record, { ifVersion: version });
  return 'removed';
}

async function setBack(
  repository: Repository,
  context: TransactionContext,
  entity: Entity,
  { record, changes }: JournalEntry,
): Promise<'reverted' | Changed> {
  const current = JSON.parse(await repository.read(context, entity.name, record)) as Readonly<Record<string, unknown>>;
  // Fields by their ids: they may be called otherwise by now, and of those that are gone nothing can come back.
  const fields = [...entity.fields.values()].flatMap((field) => {
    const change = changes[field.meta.id];
    return change === undefined ? [] : [{ name: field.name, change }];
  });
  const since = fields.filter(({ name, change }) => !sameValue(current[name], change.after)).map(({ name }) => name);
  if (since.length > 0) return { reason: `Changed since the import: ${since.join(', ')}.` };
  const before = Object.fromEntries(fields.map(({ name, change }) => [name, change.before]));
  await repository.update(context, entity.name, record, before, { ifVersion: Number(current['version']) });
  return 'reverted';
}
