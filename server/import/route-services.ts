// What the routes of imports and exports work with.
import type { RouteContext } from '../http/resource.ts';
import { entityNamed } from '../metadata/aliases.ts';
import type { Entity } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { requireOperation, seenEntity } from '../repository/access.ts';
import type { Context, RequestState } from '../repository/context.ts';
import type { StoredResponse } from '../repository/idempotency.ts';
import type { ImportServices } from './import-job.ts';
import type { UploadLimits } from './upload.ts';

export type Ctx = RouteContext<RequestState>;

export interface ImportRouteServices extends Pick<ImportServices, 'repository' | 'jobs' | 'knex'> {
  readonly uploads: UploadLimits;
  /** Whether the failure came from an older registry than the one that is served now; then the context has that one. */
  readonly renew?: (ctx: Ctx, error: unknown) => Promise<boolean>;
}

/** As the caller sees it. */
export const entityOf = (ctx: Ctx): Entity => seenEntity(ctx.state.context, ctx.params['entity'] ?? '');

/** The caller may import into the entity that an import went to, which may be gone by now. */
export function requireImport(context: Context, name: string): Entity {
  const entity = entityNamed(context.actor.sees(context.registry), name);
  if (entity === undefined) throw problem('not_found', { detail: `There is no "${name}" any more.` });
  requireOperation(context, entity, 'import');
  return entity;
}

export function send(ctx: Ctx, answer: StoredResponse & { readonly replayed: boolean }): void {
  if (answer.replayed) ctx.set('Idempotent-Replayed', 'true');
  ctx.body = answer.body;
  ctx.status = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) ctx.set(name, value);
}

export const jsonAnswer = (status: number, body: object, headers: Readonly<Record<string, string>> = {}): StoredResponse => ({
  status,
  headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
});
