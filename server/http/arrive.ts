// A body on its way to the disk: counted, hashed and cut off at the limit, never whole in memory.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { v7 as uuidv7 } from 'uuid';
import { errorCode } from '../error-code.ts';
import { Problem, problem } from '../problem.ts';

export interface Arrived {
  readonly path: string;
  /** SHA-256, hex. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

const brokenOff = new Set(['ECONNRESET', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR']);
const tooLarge = (limit: number): Problem => problem('too_large', { detail: `At most ${limit} bytes.` });

/**
 * @param limit bytes; a longer body is refused before it is read, where it says its length
 * @throws problems `too_large`, `bad_request` for a body that breaks off
 */
export async function arrive(request: IncomingMessage, folder: string, limit: number): Promise<Arrived> {
  const announced = Number(request.headers['content-length'] ?? Number.NaN);
  if (announced > limit) throw tooLarge(limit);
  await mkdir(folder, { recursive: true });
  const path = join(folder, uuidv7());
  const hash = createHash('sha256');
  let size = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      hash.update(chunk);
      done(size > limit ? tooLarge(limit) : null, chunk);
    },
  });
  try {
    await pipeline(request, counted, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    await rm(path, { force: true });
    if (error instanceof Problem) throw error;
    if (!brokenOff.has(errorCode(error) ?? '')) throw error;
    throw problem('bad_request', { detail: 'The body did not arrive whole.', cause: error });
  }
  return { path, digest: hash.digest('hex'), size };
}

/** What a process left behind that was killed while it took a body. */
export async function sweep(folder: string, olderThanMs: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > olderThanMs) await rm(path, { force: true });
  }
}
