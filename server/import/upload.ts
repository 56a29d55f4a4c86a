// A file to import on its way in: to the disk, read once through there, and then into the database.
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { type Arrived, arrive } from '../http/arrive.ts';
import type { RouteContext } from '../http/resource.ts';
import { problem } from '../problem.ts';
import type { RequestState } from '../repository/context.ts';
import { type FileFormat, fileFormats, mediaTypes } from './formats/row-file.ts';
import { type Inspected, inspectFile } from './inspect-file.ts';

type Ctx = RouteContext<RequestState>;

/** Where uploads arrive, and how large they may be, in bytes. */
export interface UploadLimits {
  readonly arriving: string;
  readonly largest: number;
}

export interface Upload extends Arrived, Inspected {
  readonly name: string;
}

/** What programs call the formats besides their media types. */
const otherTypes: Readonly<Record<string, FileFormat>> = {
  'application/csv': 'csv',
  'text/tab-separated-values': 'csv',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/x-jsonlines': 'ndjson',
};

/** The format that the request says its body has; undefined for a body that is no file. */
export function formatOf(ctx: Pick<Ctx, 'get'>): FileFormat | undefined {
  const [type = ''] = ctx.get('Content-Type').toLowerCase().split(';');
  return fileFormats.find((format) => mediaTypes[format] === type.trim()) ?? otherTypes[type.trim()];
}

/** Bodies that were taken: a request that is run again with newer metadata has none any more. */
const taken = new WeakMap<IncomingMessage, Promise<Upload>>();

/**
 * The body of the request; gone from the disk when it is answered.
 * @param delimiter of CSV, where the mapping states it
 * @throws problems `too_large`, `bad_request`, `validation_failed` for a file that is broken
 */
export function uploadOf(ctx: Ctx, format: FileFormat, limits: UploadLimits, delimiter?: string): Promise<Upload> {
  const known = taken.get(ctx.req) ?? take(ctx, format, limits, delimiter);
  taken.set(ctx.req, known);
  return known;
}

async function take(ctx: Ctx, format: FileFormat, { arriving, largest }: UploadLimits, delimiter?: string): Promise<Upload> {
  refuseOtherText(ctx);
  const arrived = await arrive(ctx.req, arriving, largest);
  ctx.res.once('close', () => void rm(arrived.path, { force: true }));
  return { ...arrived, ...(await inspectFile(arrived.path, format, delimiter)), name: nameOf(ctx, format) };
}

/** The same for CSV that came as a text of JSON. */
export function uploadOfText(ctx: Ctx, text: string, { arriving }: UploadLimits, delimiter?: string): Promise<Upload> {
  const write = async (): Promise<Upload> => {
    const path = join(arriving, uuidv7());
    await mkdir(arriving, { recursive: true });
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    ctx.res.once('close', () => void rm(path, { force: true }));
    const digest = createHash('sha256').update(text).digest('hex');
    const inspected = await inspectFile(path, 'csv', delimiter);
    return { path, digest, size: Buffer.byteLength(text), ...inspected, name: nameOf(ctx, 'csv') };
  };
  const known = taken.get(ctx.req) ?? write();
  taken.set(ctx.req, known);
  return known;
}

/** @throws problem `unsupported_media_type` */
function refuseOtherText(ctx: Ctx): void {
  const charset = /;\s*charset=\s*"?([^";\s]+)/i.exec(ctx.get('Content-Type'))?.[1]?.toLowerCase();
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
    throw problem('unsupported_media_type', { detail: `Send the file in UTF-8, not in ${charset}.` });
  const encoding = ctx.get('Content-Encoding').toLowerCase();
  if (encoding !== '' && encoding !== 'identity')
    throw problem('unsupported_media_type', {
      detail: 'Compressed bodies are not taken.',
      headers: { 'Accept-Encoding': 'identity' },
    });
}

const longestName = 255;

/** From `X-File-Name`, as it is or percent-encoded. */
function nameOf(ctx: Ctx, format: FileFormat): string {
  const given = ctx.get('X-File-Name');
  let name = given;
  try {
    name = decodeURIComponent(given);
  } catch {
    // A per cent sign of its own.
  }
  const clean = name.replace(/\p{Cc}/gu, '').trim();
  return (clean === '' ? `${ctx.params['entity'] ?? 'file'}.${format}` : clean).slice(0, longestName);
}
