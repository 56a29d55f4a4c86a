// Every write: its key, its one transaction, the stored answer when it comes again, and how the answer is sent.
import type { Entity } from '../metadata/registry.ts';
import type { Operation } from '../metadata/types.ts';
import { Problem } from '../problem.ts';
import type { Selection } from '../query/ast.ts';
import { requireOperation } from '../repository/access.ts';
import type { Context } from '../repository/context.ts';
import { runIdempotent, type StoredResponse } from '../repository/idempotency.ts';
import type { Repository, Written } from '../repository/repository.ts';
import { wantsMinimal } from './answer.ts';
import { dryRun } from './dry-run.ts';
import { entityTag } from './entity-tags.ts';
import { idempotentRequest } from './idempotent-request.ts';
import type { RestContext, RestServices } from './services.ts';

export interface Write {
  /** Refused before anything else; absent for a write about several entities, each of which asks for its own right. */
  readonly entity?: Entity;
  readonly operation?: Operation;
  /** The request body as it came; '' without one. */
  readonly text: string;
  readonly run: (inner: Context) => Promise<StoredResponse>;
}

/** @throws problems of the key, of the rights and of the write itself; nothing is written then */
export async function write(ctx: RestContext, services: RestServices, wanted: Write): Promise<void> {
  const { context } = ctx.state;
  // A dry run writes nothing, so it needs no key.
  const request = context.dry === true ? undefined : idempotentRequest(ctx, wanted.text);
  if (wanted.entity !== undefined && wanted.operation !== undefined) requireOperation(context, wanted.entity, wanted.operation);
  const { repository } = services;
  const answer =
    request === undefined
      ? { ...(await dryRun(repository, context, wanted.run)), replayed: false }
      : await runIdempotent(repository, context, request, wanted.run);
  if (answer.replayed) ctx.set('Idempotent-Replayed', 'true');
  if (answer.body === null && wantsMinimal(ctx)) ctx.set('Preference-Applied', 'return=minimal');
  // In this order: Koa makes 204 of a null body, and guesses the type of any other.
  ctx.body = answer.body;
  ctx.status = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) ctx.set(name, value);
}

export const jsonType = { 'content-type': 'application/json; charset=utf-8' } as const;

/**
 * The record as the caller may see it after the write. Whoever may write but not read it gets its id and version.
 * @returns JSON text
 */
export async function writtenText(
  repository: Repository,
  context: Context,
  entity: Entity,
  written: Written,
  selection: Selection,
): Promise<string> {
  try {
    return await repository.read(context, entity.name, written.id, { selection });
  } catch (error) {
    if (!(error instanceof Problem) || (error.code !== 'not_found' && error.code !== 'forbidden')) throw error;
    return JSON.stringify({ id: written.id, version: written.version });
  }
}

/** The answer to what goes on after the wait: 202, and where it is told of; undefined when it is done. */
export const acceptedAnswer = ({ pending }: Written): StoredResponse | undefined =>
  pending === undefined
    ? undefined
    : { status: 202, headers: { location: pending, ...jsonType }, body: JSON.stringify({ data: { url: pending } }) };

export const locationOf = (context: Context, entity: Entity, id: string): string =>
  `${context.registry.app.basePath}/${entity.name}/${id}`;

export const writtenHeaders = (context: Context, entity: Entity, written: Written): Readonly<Record<string, string>> => ({
  etag: entityTag(written.version),
  ...(written.created ? { location: locationOf(context, entity, written.id) } : {}),
});
