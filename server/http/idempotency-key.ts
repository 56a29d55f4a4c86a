// The Idempotency-Key header of a write.
import type { Context } from 'koa';
import { problem } from '../problem.ts';

const longest = 255;

/**
 * The key, bare or as a quoted string, as the draft of the header field writes it (draft-ietf-httpapi-idempotency-key-header).
 * @throws problems `idempotency_key_missing`, `bad_request` for a key that is too long or not printable ASCII
 */
export function idempotencyKeyOf(ctx: Pick<Context, 'get'>): string {
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
