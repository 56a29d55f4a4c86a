// Entities whose records stand for something else (metadata): the repository checks the rights, a peer does the work and keeps the rows.
import type { Entity } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import type { Context } from './context.ts';
import { type CurrentRow, currentRow } from './read.ts';
import type { RecordValues } from './records.ts';
import type { WriteOptions, Written } from './repository.ts';
import type { RepositoryServices } from './services.ts';
import { hasWritten, releaseSnapshot } from './transaction.ts';
import { requireVersion } from './version.ts';

/**
 * Declared here, implemented by a peer, joined in app/. Input comes as the caller sent it, unparsed. The contexts have no
 * transaction: what a delegate does is not undone with the caller's, so that a request holds one such act and nothing else.
 * The rows themselves are written by the peer with the source `system`, which no delegate sees.
 */
export interface RecordDelegate {
  create(context: Context, input: RecordValues): Promise<Written>;
  update(context: Context, current: CurrentRow, patch: RecordValues): Promise<Written>;
  remove(context: Context, current: CurrentRow): Promise<Written>;
  restore(context: Context, current: CurrentRow): Promise<Written>;
}

/** By plural name of the entity. */
export type RecordDelegates = Readonly<Record<string, RecordDelegate>>;

/** What stands in the place of the ordinary create; undefined for entities whose records are just records. */
export function delegatedCreate(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  input: RecordValues,
): Promise<Written> | undefined {
  const delegate = delegateOf(services, context, entity);
  if (delegate === undefined) return undefined;
  return releaseSnapshot(context).then(() => delegate.create(alone(context), input));
}

type Act = 'update' | 'remove' | 'restore';
const operations = { update: 'update', remove: 'delete', restore: 'restore' } as const;

/** What stands in the place of the ordinary update, delete or restore: the row is found and its version held to, but not locked. */
export function delegatedAct(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  act: Act,
  { id, patch = {}, options = {} }: { readonly id: string; readonly patch?: RecordValues; readonly options?: WriteOptions },
): Promise<Written> | undefined {
  const delegate = delegateOf(services, context, entity);
  if (delegate === undefined) return undefined;
  const outside = alone(context);
  return (async () => {
    await releaseSnapshot(context);
    const current = await currentRow(services.knex, outside, entity, id, operations[act]);
    if (act === 'restore') return delegate.restore(outside, current);
    await requireVersion(services, outside, entity, current, options.ifVersion);
    return act === 'remove' ? delegate.remove(outside, current) : delegate.update(outside, current, patch);
  })();
}

function delegateOf(services: RepositoryServices, context: Context, entity: Entity): RecordDelegate | undefined {
  const { delegates = {} } = services;
  if (context.source === 'system' || !Object.hasOwn(delegates, entity.name)) return undefined;
  if (context.dry === true)
    throw problem('bad_request', { detail: `A change of ${entity.name} cannot be tried out here: ask for its plan instead.` });
  refuseCompany(context, entity);
  return delegates[entity.name];
}

/** Transactions in which a delegate has acted already. */
const used = new WeakSet<object>();

/** An import may go row by row: each of its rows stands or falls alone anyway. */
function refuseCompany(context: Context, entity: Entity): void {
  const { transaction } = context;
  if (transaction === undefined || context.source === 'import') return;
  if (used.has(transaction) || hasWritten(context))
    throw problem('conflict', { detail: `A change of ${entity.name} needs a request of its own, without any other write.` });
  used.add(transaction);
}

function alone(context: Context): Context {
  const { transaction: _caller, ...outside } = context;
  return outside;
}
