// Reads a JSON request body: right content type, bounded size, valid UTF-8, strict JSON.
import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import getRawBody from 'raw-body';
import { problem } from '../problem.ts';
import { parseStrictJson } from './strict-json.ts';

export interface JsonBody {
  readonly value: unknown;
  /** The body as it came, e.g. for a fingerprint. */
  readonly text: string;
}

export interface JsonBodyOptions {
  /** Bytes; 5 MiB when absent. */
  readonly limit?: number;
  /** Media types taken besides application/json. */
  readonly types?: readonly string[];
}

const defaultLimit = 5 * 1024 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * @throws problems `unsupported_media_type`, `too_large` (before reading on), `malformed_json`
 */
export async function readJson(ctx: Context, options: JsonBodyOptions = {}): Promise<JsonBody> {
  checkType(ctx, ['application/json', ...(options.types ?? [])]);
  const text = decode(await readBytes(ctx, options.limit ?? defaultLimit));
  return { value: parseStrictJson(text), text };
}

/** Whether the request announces a body at all. */
export const hasBody = (ctx: Context): boolean => ctx.get('Transfer-Encoding') !== '' || (ctx.request.length ?? 0) > 0;

function checkType(ctx: Context, types: readonly string[]): void {
  const [type = '', ...parameters] = ctx
    .get('Content-Type')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  if (!types.includes(type) || (charset !== undefined && charset !== 'utf-8')) {
    const got = ctx.get('Content-Type') === '' ? 'none' : 'another one';
    throw problem('unsupported_media_type', { detail: `Send ${types.join(' or ')} in UTF-8; the request has ${got}.` });
  }
  const encoding = ctx.get('Content-Encoding').toLowerCase();
  if (encoding !== '' && encoding !== 'identity') {
    // RFC 9110, 12.5.3: Accept-Encoding in a 415 tells what request encodings are understood.
    throw problem('unsupported_media_type', {
      detail: 'Compressed bodies are not taken.',
      headers: { 'Accept-Encoding': 'identity' },
    });
  }
}

/** Bodies that were read: a request that is run again finds its own here. */
const read = new WeakMap<IncomingMessage, Buffer>();

/**
 * The body as it came.
 * @param limit bytes
 * @throws problems `too_large` (before reading on), `bad_request`
 */
export async function readBytes(ctx: Pick<Context, 'req' | 'request'>, limit: number): Promise<Buffer> {
  const known = read.get(ctx.req);
  const length = known?.length ?? ctx.request.length;
  if (length !== undefined && length > limit) throw tooLarge(limit);
  if (known !== undefined) return known;
  try {
    const bytes = await getRawBody(ctx.req, { limit, length: length ?? null });
    read.set(ctx.req, bytes);
    return bytes;
  } catch (error) {
    const type = (error as { type?: unknown }).type;
    if (type === 'entity.too.large') throw tooLarge(limit);
    throw problem('bad_request', { detail: 'The body did not arrive whole.', cause: error });
  }
}

const tooLarge = (limit: number) => problem('too_large', { detail: `At most ${limit} bytes.` });

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw problem('malformed_json', { detail: 'The body is not valid UTF-8.', cause: error });
  }
}
