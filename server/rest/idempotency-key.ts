// The Idempotency-Key of a write, and the fingerprint that tells whether a repeated one is the same request.
import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { problem } from '../problem.ts';
import type { IdempotentRequest } from '../repository/idempotency.ts';

const longest = 255;

/**
 * @param text the body as it came, '' without one
 * @throws problems `idempotency_key_missing`, `bad_request` for a key that is too long or not printable ASCII
 */
export function idempotentRequest(ctx: Context, text: string): IdempotentRequest {
  // The query belongs to the request (?purge=true), as does the version it was meant for.
  const parts = [ctx.method, ctx.path, ctx.querystring, ctx.get('If-Match'), text];
  return {
    key: keyOf(ctx),
    method: ctx.method,
    path: ctx.path,
    fingerprint: createHash('sha256').update(JSON.stringify(parts)).digest('hex'),
  };
}

/** Bare or as a quoted string, as the draft of the header field writes it (draft-ietf-httpapi-idempotency-key-header). */
export function keyOf(ctx: Context): string {
  const header = ctx.get('Idempotency-Key').trim();
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header)?.[1]?.replace(/\\(["\\])/g, '$1');
  const key = quoted ?? header;
  if (key === '')
    throw problem('idempotency_key_missing', { detail: 'Send a fresh Idempotency-Key with every write, e.g. a UUID.' });
  if (key.length > longest || !/^[\x20-\x7e]+$/.test(key)) {
    throw problem('bad_request', { detail: `An Idempotency-Key has at most ${longest} printable ASCII characters.` });
  }
  return key;
}
