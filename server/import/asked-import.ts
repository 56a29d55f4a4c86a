// What a request to import (or to preview) brings: a file, or the id of one that was uploaded, and how it is to be read.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readJson } from '../http/json-body.ts';
import { parseStrictJson } from '../http/strict-json.ts';
import type { Entity } from '../metadata/registry.ts';
import type { ImportMappingMetadata } from '../metadata/types.ts';
import { type Issue, problem } from '../problem.ts';
import { authorOf } from '../repository/actor.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import { mediaTypes } from './formats/row-file.ts';
import { givenMapping } from './given-mapping.ts';
import { mappingNamed } from './import-file.ts';
import type { Inspected } from './inspect-file.ts';
import type { Remember } from './remembered.ts';
import type { Ctx, ImportRouteServices } from './route-services.ts';
import { keepFile, readFile, uploadedFile } from './stored-files.ts';
import { formatOf, type Upload, uploadOf, uploadOfText } from './upload.ts';

export interface AskedFile extends Inspected {
  readonly name: string;
  /** Bytes, from the beginning; as often as asked. */
  readonly read: () => AsyncIterable<Buffer>;
  /** Keeps it in the database. @returns its id there */
  readonly keep: (context: TransactionContext) => Promise<string>;
  /** Of an upload that is kept already. */
  readonly id?: string;
}

export interface AskedImport {
  readonly file: AskedFile;
  readonly mapping: ImportMappingMetadata | undefined;
  readonly remember: Remember;
  /** SHA-256 of all that makes the request, hex. */
  readonly fingerprint: string;
}

interface JsonRequest {
  readonly file?: unknown;
  readonly csv?: unknown;
  readonly mapping?: unknown;
  readonly remember?: unknown;
}

/** A file of any format with `?mapping=<name or JSON>&remember=…`, or JSON `{ file | csv, mapping?, remember? }`. */
export async function askedImport(ctx: Ctx, services: ImportRouteServices, entity: Entity): Promise<AskedImport> {
  const format = formatOf(ctx);
  if (format === undefined) return askedInJson(ctx, services, entity);
  const parameters = new URLSearchParams(ctx.querystring);
  const given = parameters.get('mapping') ?? undefined;
  const mapping = mappingOf(ctx, entity, given?.startsWith('{') === true ? parseStrictJson(given) : given, '?mapping');
  const remember = rememberOf(parameters.get('remember') ?? undefined, '?remember');
  const upload = await uploadOf(ctx, format, services.uploads, mapping?.format?.delimiter);
  return { file: fileOf(upload), mapping, remember, fingerprint: fingerprint(ctx, mapping, remember, upload.digest) };
}

async function askedInJson(ctx: Ctx, services: ImportRouteServices, entity: Entity): Promise<AskedImport> {
  const { value } = await readJson(ctx, { types: Object.values(mediaTypes) });
  const body = (typeof value === 'object' && value !== null ? value : {}) as JsonRequest;
  const mapping = mappingOf(ctx, entity, body.mapping, '/mapping');
  const remember = rememberOf(body.remember, '/remember');
  if (typeof body.csv === 'string') {
    const upload = await uploadOfText(ctx, body.csv, services.uploads, mapping?.format?.delimiter);
    return { file: fileOf(upload), mapping, remember, fingerprint: fingerprint(ctx, mapping, remember, upload.digest) };
  }
  const { context } = ctx.state;
  const { app } = context.registry;
  const id = typeof body.file === 'string' && /^[0-9a-f-]{36}$/i.test(body.file) ? body.file : undefined;
  const stored = id === undefined ? undefined : await uploadedFile(services.knex, app, id, authorOf(context.actor));
  if (stored === undefined)
    throw refused(
      body.file === undefined
        ? { pointer: '/csv', code: 'required', detail: 'Give the file: as text in "csv", or the id of an upload in "file".' }
        : { pointer: '/file', code: 'unknown_file', detail: 'There is no such upload of yours, or it is too old.' },
    );
  const file = { ...stored, read: () => readFile(services.knex, app, stored.id), keep: async () => stored.id };
  return { file, mapping, remember, fingerprint: fingerprint(ctx, mapping, remember, stored.id) };
}

const refused = (issue: Issue) => problem('validation_failed', { errors: [issue] });

const fileOf = (upload: Upload): AskedFile => ({
  ...upload,
  read: () => createReadStream(upload.path),
  keep: (context) => keepFile(context, upload, upload),
});

const fingerprint = (ctx: Ctx, ...parts: readonly unknown[]): string =>
  createHash('sha256')
    .update(JSON.stringify([ctx.path, ...parts]))
    .digest('hex');

/** Undefined where none is given. */
function mappingOf(ctx: Ctx, entity: Entity, given: unknown, pointer: string): ImportMappingMetadata | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given !== 'string') return givenMapping(given, entity.name, pointer);
  const named = mappingNamed(ctx.state.context.registry, given);
  if (named !== undefined) return named;
  throw refused({ pointer, code: 'unknown_mapping', detail: `There is no import mapping "${given}".` });
}

const remembers: readonly Remember[] = ['me', 'everyone', 'no'];

function rememberOf(given: unknown, pointer: string): Remember {
  const found = given === undefined ? 'no' : remembers.find((one) => one === given);
  if (found !== undefined) return found;
  throw refused({ pointer, code: 'enum', detail: `"${String(given)}" is none of ${remembers.join(', ')}.` });
}
