// What a write makes of a record must stay within what its writer may do: whose it is, and which records it is among.
import type { Entity } from '../metadata/registry.ts';
import { type Issue, problem } from '../problem.ts';
import type { Context } from './context.ts';
import type { RecordValues } from './records.ts';
import { entityPredicate, filterSql } from './row-rights.ts';
import { shared } from './shares.ts';
import { type Parameters, parameters, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

/**
 * To whom the record is given: by the right `assign`, to oneself (`own`), to people and teams of one's reach (`team`), to
 * anybody (`all`). A new record belongs to its maker in any case.
 */
export function assignmentIssues(
  context: Context,
  entity: Entity,
  before: RecordValues | null,
  after: RecordValues,
): readonly Issue[] {
  const { actor } = context;
  const level = actor.access(entity.name, 'assign');
  if (level === 'all') return [];
  const { owner, team } = entity.meta.ownership ?? {};
  const given = (name: string | undefined, usual: string | null): name is string =>
    name !== undefined && (after[name] ?? null) !== (before === null ? usual : (before[name] ?? null));
  const among = (id: unknown, own: readonly string[], reach: readonly string[]): boolean =>
    id === null ? level === 'team' : level !== 'none' && (level === 'own' ? own : reach).includes(String(id));
  const refused = [
    ...(given(owner, actor.id) ? [[owner, among(after[owner] ?? null, [actor.id], actor.reach.users)] as const] : []),
    ...(given(team, null) ? [[team, among(after[team] ?? null, actor.reach.teams, actor.reach.teams)] as const] : []),
  ].filter(([, allowed]) => !allowed);
  return refused.map(([name]) => ({
    pointer: `/${name}`,
    code: 'forbidden',
    detail: `You may not give ${entity.name} to others than ${level === 'team' ? 'the people and teams of your reach' : 'yourself'}.`,
  }));
}

/**
 * Looks at the row as it was written; the transaction is still open.
 * @param moved whether a change made it belong to another record: then that one must be its writer's to change, as for a new one
 * @throws problem `forbidden` for a record that its maker may not make, or that a change takes out of the record filter or
 * gives to a record that its writer may not change
 */
export async function requireWithin(
  context: TransactionContext,
  entity: Entity,
  id: string,
  right: 'create' | 'update',
  moved = false,
): Promise<void> {
  const bound = parameters();
  const rows =
    right === 'create' || moved ? entityPredicate(context, entity, 't', bound, right) : filteredRows(context, entity, bound);
  if (rows === 'true') return;
  const [row] = await run<{ within: boolean | null }>(context.transaction, {
    text: `SELECT ${rows} AS within FROM ${entity.qualifiedTable} t WHERE t."id" = ${bound.bind(id)}::uuid`,
    values: bound.values,
  });
  if (row?.within === true) return;
  throw problem('forbidden', {
    detail:
      right === 'create'
        ? `You may not create this ${entity.singular}.`
        : `This would take the ${entity.singular} out of the records that you may change.`,
  });
}

/** Whether the record belongs to another one than before. */
export function belongsElsewhere({ meta, relations }: Entity, before: RecordValues, after: RecordValues): boolean {
  const through = relations.get(meta.ownership?.through ?? '');
  const fields =
    through?.kind === 'belongsTo'
      ? [through.field]
      : through?.kind === 'belongsToAny'
        ? [through.typeField, through.idField]
        : [];
  return fields.some((name) => (before[name] ?? null) !== (after[name] ?? null));
}

/** Whose a record is may change hands; the record filters hold before and after. */
function filteredRows(context: TransactionContext, entity: Entity, bound: Parameters): string {
  const grants = context.actor.grants(entity.name, 'update');
  if (grants.some(({ filter }) => filter === undefined)) return 'true';
  const filters = grants.map((grant) => filterSql(context, entity, 't', bound, grant));
  const more = shared(context, entity, 't', bound, 'update');
  return `(${[...filters, ...(more === undefined ? [] : [more])].join(' OR ') || 'false'})`;
}
