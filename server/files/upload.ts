// POST /files?entity=…&field=…: the bytes of one file, for a field that the caller may set; a record then names its id.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { fileIssue, isFileType } from '../fields/file-limits.ts';
import { cleanFileName } from '../fields/file-name.ts';
import { idempotencyKeyOf } from '../http/idempotency-key.ts';
import type { RouteContext } from '../http/resource.ts';
import type { Entity, Field } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { seenBy, seenEntity } from '../repository/access.ts';
import type { Context, RequestState } from '../repository/context.ts';
import { runIdempotent } from '../repository/idempotency.ts';
import { refusal } from '../repository/input-field.ts';
import type { Repository } from '../repository/repository.ts';
import { type Arrived, arrive } from './arrive.ts';
import { type Facts, factsOf } from './file-facts.ts';
import { insertFile, type Uploaded } from './file-rows.ts';
import type { FileServices } from './file-services.ts';

type Ctx = RouteContext<RequestState>;

interface Target {
  readonly entity: Entity;
  readonly field: Field;
}

interface Kept extends Pick<Arrived, 'digest' | 'size'>, Facts {
  readonly name: string;
}

/** Bodies that were taken: a request that is run again with newer metadata has none any more. */
const taken = new WeakMap<IncomingMessage, Kept>();

export async function upload(ctx: Ctx, repository: Repository, files: FileServices): Promise<void> {
  const { context } = ctx.state;
  const key = idempotencyKeyOf(ctx);
  const parameters = new URLSearchParams(ctx.querystring);
  const [entity, field] = [parameters.get('entity') ?? '', parameters.get('field') ?? ''];
  const target = targetOf(context, entity, field);
  const kept = taken.get(ctx.req) ?? (await keep(ctx, target, files));
  taken.set(ctx.req, kept);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([entity, field, kept.name, kept.digest]))
    .digest('hex');
  const answer = await runIdempotent(
    repository,
    context,
    { key, method: ctx.method, path: ctx.path, fingerprint },
    async (inner) => ({
      status: 201,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ data: answerOf(target.field, await insertFile(inner, files.store, target, kept, kept)) }),
    }),
  );
  if (answer.replayed) ctx.set('Idempotent-Replayed', 'true');
  ctx.body = answer.body;
  ctx.status = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) ctx.set(name, value);
}

/** Whoever may make or change records with the field may upload for it; all others learn nothing of it. */
function targetOf(context: Context, name: string, fieldName: string): Target {
  const issue = (pointer: string, detail: string) =>
    problem('invalid_query', { errors: [{ pointer, code: 'file_field', detail }] });
  if (name === '' || fieldName === '')
    throw issue(name === '' ? '?entity' : '?field', 'Give the entity and the field of the file.');
  const entity = seenEntity(context, name);
  const grants = (['create', 'update'] as const).flatMap((right) => context.actor.grants(entity.name, right));
  if (grants.length === 0) throw problem('forbidden', { detail: `You may not write ${entity.name}.` });
  const full = context.registry.entities.get(entity.name) ?? entity;
  const field = full.fields.get(fieldName);
  const refused = refusal(full, fieldName, { engine: false, grants, seen: seenBy(context).entities.get(entity.name) });
  if (refused?.code === 'forbidden') throw problem('forbidden', { detail: refused.detail });
  if (refused !== undefined || field === undefined) throw issue('?field', refused?.detail ?? 'There is no such field.');
  if (!isFileType(field.meta.type)) throw issue('?field', `"${fieldName}" holds no file.`);
  return { entity: full, field };
}

/** What a record will show of it, and may be sent as it stands. */
const answerOf = (field: Field, file: Uploaded): object =>
  Object.fromEntries(Object.keys(field.type.parts ?? {}).map((part) => [part, file[part as keyof Uploaded]]));

/** Takes the body, looks at it, and gives it to the store if the field takes it. */
async function keep(ctx: Ctx, { field }: Target, { store, arriving, largest }: FileServices): Promise<Kept> {
  const name = nameOf(ctx);
  const maxSize = field.meta['maxSize'];
  const limit = typeof maxSize === 'number' ? Math.min(maxSize, largest) : largest;
  const { path, digest, size } = await arrive(ctx.req, arriving, limit);
  try {
    if (size === 0) throw refused('empty', 'The file is empty.');
    const facts = await factsOf(path, name);
    const issue = fileIssue(field.meta, { ...facts, size });
    if (issue !== undefined) throw refused(issue.code, issue.detail);
    await store.keep(path, digest, size);
    return { ...facts, name, digest, size };
  } finally {
    await rm(path, { force: true });
  }
}

const refused = (code: string, detail: string) => problem('validation_failed', { errors: [{ pointer: '', code, detail }] });

/** The header is the name in UTF-8, percent-encoded. */
function nameOf(ctx: Ctx): string {
  const issue = (detail: string) => problem('bad_request', { errors: [{ pointer: 'X-File-Name', code: 'file_name', detail }] });
  const given = ctx.get('X-File-Name');
  if (given === '') throw issue('Send the name of the file, percent-encoded, in X-File-Name.');
  let name: string | undefined;
  try {
    name = cleanFileName(decodeURIComponent(given));
  } catch {
    throw issue('The name is not percent-encoded UTF-8.');
  }
  if (name === undefined) throw issue('This cannot be the name of a file.');
  return name;
}
