// A write as its Idempotency-Key knows it: the fingerprint tells whether a repeated one is the same request.
import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { idempotencyKeyOf } from '../http/idempotency-key.ts';
import type { IdempotentRequest } from '../repository/idempotency.ts';

/**
 * @param text the body as it came, '' without one
 * @throws problems `idempotency_key_missing`, `bad_request`
 */
export function idempotentRequest(ctx: Context, text: string): IdempotentRequest {
  // The query belongs to the request (?purge=true), as does the version it was meant for.
  const parts = [ctx.method, ctx.path, ctx.querystring, ctx.get('If-Match'), text];
  return {
    key: idempotencyKeyOf(ctx),
    method: ctx.method,
    path: ctx.path,
    fingerprint: createHash('sha256').update(JSON.stringify(parts)).digest('hex'),
  };
}
