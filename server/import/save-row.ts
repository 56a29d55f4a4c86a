// One row into one record: the one that its key names, a new one, or, where it is like another, what the mapping says of that.
import { Problem, problem } from '../problem.ts';
import type { DuplicateFinding, Saved, Written } from '../repository/repository.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import type { Existing } from './existing.ts';
import type { Warning } from './rejects.ts';
import type { RowServices } from './write-rows.ts';

type Input = Readonly<Record<string, unknown>>;

interface SavedAs {
  /** Undefined: the row is left out. */
  readonly written: Written | undefined;
  readonly warning?: Omit<Warning, 'row'> | undefined;
}

/** Runs under a savepoint of the caller's. @throws problems of the repository */
export async function saveRow(
  context: TransactionContext,
  services: RowServices,
  existing: Existing,
  input: Input,
  onSaved: (saved: Saved) => void,
): Promise<SavedAs> {
  const { repository, mapping } = services;
  const { entity, upsertOn, duplicates } = mapping;
  const id = await existing.find(context, input);
  if (id !== undefined) {
    const { id: _key, ...patch } = input;
    return told(await repository.update(context, entity.name, id, patch, { onSaved }), 'updated');
  }
  if (upsertOn === 'id') throw refused('/id', 'reference_unknown', `There is no ${entity.singular} with this id.`);
  if (upsertOn !== undefined && (input[upsertOn] ?? null) === null)
    throw refused(`/${upsertOn}`, 'required', 'The value to match on is missing.');
  const asking = duplicates.warn === 'create' ? context : { ...context, strict: true };
  try {
    const written = await repository.create(asking, entity.name, input, { onSaved });
    await existing.made(context, input, written.id);
    return told(written, 'created');
  } catch (error) {
    const findings = findingsOf(error);
    if (findings === undefined) throw error;
    const blocked = findings.some(({ action }) => action === 'block');
    const wanted = blocked ? duplicates.block : duplicates.warn;
    if (wanted === 'skip') return { written: undefined, warning: warningOf(findings, 'skipped') };
    if (wanted !== 'update') throw error;
    return { written: await updateMatch(context, services, input, findings, onSaved), warning: warningOf(findings, 'updated') };
  }
}

const refused = (pointer: string, code: string, detail: string): Problem =>
  problem('validation_failed', { errors: [{ pointer, code, detail }] });

/** What duplicate rules have found, where it is they that have refused a write. */
function findingsOf(error: unknown): readonly DuplicateFinding[] | undefined {
  if (!(error instanceof Problem) || (error.code !== 'duplicate' && error.code !== 'possible_duplicate')) return undefined;
  return (error.extra?.['duplicates'] ?? []) as readonly DuplicateFinding[];
}

const told = (written: Written, became: 'created' | 'updated'): SavedAs => ({
  written,
  warning: written.warnings === undefined ? undefined : warningOf(written.warnings, became),
});

const warningOf = (findings: readonly DuplicateFinding[], became: Warning['became']): Omit<Warning, 'row'> => ({
  code: findings.map(({ rule }) => rule).join(', '),
  became,
  records: [...new Set(findings.flatMap(({ records }) => records.map(({ id }) => id)))],
});

/** @throws problem `duplicate` where not one record is more alike than all others */
async function updateMatch(
  context: TransactionContext,
  { repository, mapping: { entity, upsertOn } }: RowServices,
  input: Input,
  findings: readonly DuplicateFinding[],
  onSaved: (saved: Saved) => void,
): Promise<Written> {
  const records = findings.flatMap((finding) => finding.records);
  const best = Math.max(...records.map(({ score }) => score));
  const [match, ...others] = new Set(records.filter(({ score }) => score === best).map(({ id }) => id));
  if (match === undefined || others.length > 0) {
    const many = `There are ${others.length + 1} records that it is like as much.`;
    const detail = match === undefined ? 'The record that it is like is not open to you.' : many;
    throw problem('duplicate', { detail, errors: [{ pointer: '', code: 'duplicate_ambiguous', detail }] });
  }
  return repository.update(context, entity.name, match, await withoutOtherKey(match), { onSaved });

  /** A record that has a key already keeps it: by that its own source finds it again. */
  async function withoutOtherKey(id: string): Promise<Input> {
    if (upsertOn === undefined) return input;
    const selection = { fields: [upsertOn], include: [] };
    const current = JSON.parse(await repository.read(context, entity.name, id, { selection })) as Input;
    const { [upsertOn]: _key, ...rest } = input;
    return (current[upsertOn] ?? null) === null ? input : rest;
  }
}
