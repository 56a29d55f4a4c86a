// A request that changes the metadata: its Idempotency-Key, how long it waits, and its answer, done or under way.
import { createHash } from 'node:crypto';
import { idempotencyKeyOf } from '../http/idempotency-key.ts';
import { readJson } from '../http/json-body.ts';
import type { RouteContext } from '../http/resource.ts';
import type { JsonObject } from '../metadata/pointer.ts';
import type { Registry } from '../metadata/registry.ts';
import type { RequestState } from '../repository/context.ts';
import { runIdempotent, type StoredResponse } from '../repository/idempotency.ts';
import { releaseSnapshot } from '../repository/transaction.ts';
import type { Act, Outcome } from './change.ts';
import { bodyOf, type Member } from './parameters.ts';
import { waitingOf } from './prefer.ts';
import { requireWriting } from './rights.ts';
import type { StudioServices } from './services.ts';

export type StudioContext = RouteContext<RequestState>;

export interface ChangeRequest {
  /** Of the body, beside `base_version` and `reason`. */
  readonly members: Readonly<Record<string, Member>>;
  readonly run: (body: JsonObject, act: Act) => Promise<Outcome>;
}

/**
 * The change itself commits apart from the key's transaction; it carries the request's name, so that a request that is
 * repeated because its answer was lost finds what it has made.
 */
export async function changeRequest(ctx: StudioContext, services: StudioServices, request: ChangeRequest): Promise<void> {
  const { context } = ctx.state;
  requireWriting(context.actor);
  const key = idempotencyKeyOf(ctx);
  const { value, text } = await readJson(ctx);
  const waiting = waitingOf(ctx);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([ctx.path, ctx.querystring, text]))
    .digest('hex');
  const identity = { key, method: ctx.method, path: ctx.path, fingerprint };
  const answer = await runIdempotent(services.repository, context, identity, async (inner) => {
    const body = bodyOf(value, { ...request.members, base_version: { kind: 'version' }, reason: { kind: 'text' } });
    await releaseSnapshot(inner);
    const outcome = await request.run(body, {
      actor: inner.actor,
      waitMs: waiting.ms,
      ...(typeof body['base_version'] === 'number' ? { baseVersion: body['base_version'] } : {}),
      ...(typeof body['reason'] === 'string' ? { reason: body['reason'] } : {}),
      ...(inner.act === undefined ? {} : { key: inner.act }),
    });
    return responseOf(inner.registry, outcome);
  });
  if (answer.replayed) ctx.set('Idempotent-Replayed', 'true');
  if (waiting.applied !== undefined) ctx.set('Preference-Applied', waiting.applied);
  ctx.body = answer.body;
  ctx.status = answer.status;
  for (const [name, header] of Object.entries(answer.headers)) ctx.set(name, header);
}

/** Where a version is told of. */
export const versionUrl = ({ app }: Pick<Registry, 'app'>, number: number): string => `${app.basePath}/meta/versions/${number}`;

function responseOf(registry: Registry, outcome: Outcome): StoredResponse {
  const url = versionUrl(registry, outcome.version);
  const data = { version: outcome.version, base_version: outcome.baseVersion, applied_steps: outcome.steps, url };
  return {
    status: outcome.live ? 200 : 202,
    headers: { 'content-type': 'application/json; charset=utf-8', ...(outcome.live ? {} : { location: url }) },
    body: JSON.stringify({ data }),
  };
}
