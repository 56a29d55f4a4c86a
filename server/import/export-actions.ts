// POST {base}/{entity}/export: a file is made in the background; POST …/exports/{id}/cancel, GET …/exports/{id}/file.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { idempotencyKeyOf } from '../http/idempotency-key.ts';
import { readJson } from '../http/json-body.ts';
import { problem } from '../problem.ts';
import { parseListQuery } from '../query/parse.ts';
import { requireOperation, seenBy } from '../repository/access.ts';
import type { Context } from '../repository/context.ts';
import { runIdempotent } from '../repository/idempotency.ts';
import { exportsEntity, queueExport } from './export-job.ts';
import { exportFormat } from './export-route.ts';
import { mediaTypes } from './formats/row-file.ts';
import { asEngine } from './import-record.ts';
import { type Ctx, entityOf, type ImportRouteServices, jsonAnswer, send } from './route-services.ts';
import { heldFile, readFile } from './stored-files.ts';

/** `{ format?, query? }`, the query as in the address of a list: `status[eq]=open&sort=name`. */
export async function startExport(ctx: Ctx, services: ImportRouteServices): Promise<void> {
  const { context } = ctx.state;
  const entity = entityOf(ctx);
  requireOperation(context, entity, 'export');
  const key = idempotencyKeyOf(ctx);
  const { value, text } = await readJson(ctx);
  const { format: given = 'csv', query = '' } = (typeof value === 'object' && value !== null ? value : {}) as {
    readonly format?: unknown;
    readonly query?: unknown;
  };
  const format = exportFormat(given, '/format');
  if (typeof query !== 'string')
    throw problem('validation_failed', {
      errors: [{ pointer: '/query', code: 'type', detail: 'Give the parameters of a list as text.' }],
    });
  parseListQuery(seenBy(context), entity, new URLSearchParams(query));
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([ctx.path, text]))
    .digest('hex');
  const request = { key, method: ctx.method, path: ctx.path, fingerprint };
  const answer = await runIdempotent(services.repository, context, request, async (inner) => {
    const id = await queueExport(services, inner, { entity: entity.name, format, query });
    const location = `${context.registry.app.basePath}/${exportsEntity}/${id}`;
    return jsonAnswer(202, { data: { id, status: 'queued' } }, { location });
  });
  send(ctx, answer);
}

interface ExportRow {
  readonly id: string;
  readonly version: number;
  readonly status: string;
}

const recordFor = async (ctx: Ctx, { repository }: ImportRouteServices, context: Context): Promise<ExportRow> =>
  JSON.parse(await repository.read(context, exportsEntity, ctx.params['id'] ?? '')) as ExportRow;

export async function cancelExport(ctx: Ctx, services: ImportRouteServices): Promise<void> {
  const { context } = ctx.state;
  await recordFor(ctx, services, context);
  const fingerprint = createHash('sha256').update(ctx.path).digest('hex');
  const request = { key: idempotencyKeyOf(ctx), method: ctx.method, path: ctx.path, fingerprint };
  const answer = await runIdempotent(services.repository, context, request, async (inner) => {
    const { id, version, status } = await recordFor(ctx, services, inner);
    if (status !== 'queued' && status !== 'running')
      throw problem('conflict', { detail: `This export is ${status}; it cannot be cancelled.` });
    const values = { status: 'cancelled', finished_at: new Date().toISOString() };
    await services.repository.update(asEngine(inner), exportsEntity, id, values, { ifVersion: version });
    return jsonAnswer(200, { data: { id, status: 'cancelled' } });
  });
  send(ctx, answer);
}

/** For who started it: the file shows what they may see. */
export async function sendExportFile(ctx: Ctx, services: ImportRouteServices): Promise<void> {
  const { context } = ctx.state;
  const { id, status } = await recordFor(ctx, services, context);
  const { app } = context.registry;
  const file = status === 'completed' ? await heldFile(services.knex, app, id) : undefined;
  if (file === undefined || file.createdBy !== context.actor.id)
    throw problem('not_found', { detail: 'There is no file of yours here; it is not ready, or not kept any more.' });
  ctx.status = 200;
  ctx.attachment(file.name);
  ctx.type = file.format === 'xlsx' ? mediaTypes.xlsx : `${mediaTypes[file.format]}; charset=utf-8`;
  ctx.length = file.size;
  ctx.set('Cache-Control', 'private, no-store');
  if (ctx.method !== 'HEAD') ctx.body = Readable.from(readFile(services.knex, app, file.id), { objectMode: false });
  ctx.length = file.size;
}
