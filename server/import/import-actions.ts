// What can be done with an import: POST …/imports/{id}/cancel and /undo, GET …/imports/{id}/rejects.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { idempotencyKeyOf } from '../http/idempotency-key.ts';
import { problem } from '../problem.ts';
import type { Context } from '../repository/context.ts';
import { runIdempotent, type StoredResponse } from '../repository/idempotency.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import { sendJob } from './import-job.ts';
import { asEngine, type ImportRecord, type ImportStatus, importRecord, importsEntity } from './import-record.ts';
import { rejectedRows } from './journal.ts';
import { rejectsCsv } from './rejects.ts';
import { type Ctx, type ImportRouteServices, jsonAnswer, requireImport, send } from './route-services.ts';
import { heldFile } from './stored-files.ts';

const idOf = (ctx: Ctx): string => ctx.params['id'] ?? '';

/** After the answer nothing more is written: a chunk under way finds the record changed, and is rolled back. */
export const cancelImport = (ctx: Ctx, services: ImportRouteServices): Promise<void> =>
  act(ctx, services, async (inner, record) => {
    requireStatus(record, ['queued', 'running'], 'cancelled');
    const values = { status: 'cancelled', finished_at: new Date().toISOString() };
    await services.repository.update(asEngine(inner), importsEntity, record.id, values, { ifVersion: record.version });
    return jsonAnswer(200, { data: { id: record.id, status: 'cancelled' } });
  });

/** The rights to every record are those of whoever asks, not of whoever imported. */
export const undoOfImport = (ctx: Ctx, services: ImportRouteServices): Promise<void> =>
  act(ctx, services, async (inner, record) => {
    requireStatus(record, ['completed', 'completed_with_rejects', 'failed', 'cancelled'], 'undone');
    const values = { status: 'undoing' };
    await services.repository.update(asEngine(inner), importsEntity, record.id, values, { ifVersion: record.version });
    await sendJob(services.jobs, inner, { importId: record.id, actorId: inner.actor.id, act: 'undo' });
    const location = `${inner.registry.app.basePath}/${importsEntity}/${record.id}`;
    return jsonAnswer(202, { data: { id: record.id, status: 'undoing' } }, { location });
  });

async function act(
  ctx: Ctx,
  { repository }: ImportRouteServices,
  work: (inner: TransactionContext, record: ImportRecord) => Promise<StoredResponse>,
): Promise<void> {
  const { context } = ctx.state;
  const id = idOf(ctx);
  const authorise = async (asked: Context): Promise<ImportRecord> => {
    const record = await importRecord(repository, asked, id);
    requireImport(asked, record.entity);
    return record;
  };
  await authorise(context);
  const fingerprint = createHash('sha256').update(ctx.path).digest('hex');
  const request = { key: idempotencyKeyOf(ctx), method: ctx.method, path: ctx.path, fingerprint };
  send(ctx, await runIdempotent(repository, context, request, async (inner) => work(inner, await authorise(inner))));
}

function requireStatus({ status }: ImportRecord, allowed: readonly ImportStatus[], what: string): void {
  if (allowed.includes(status)) return;
  throw problem('conflict', { detail: `This import is ${status.replaceAll('_', ' ')}; it cannot be ${what}.` });
}

/** Rows that were kept without a value come along where another import would find their records again. */
export async function sendRejects(ctx: Ctx, { repository, knex }: ImportRouteServices): Promise<void> {
  const { context } = ctx.state;
  const { id, mapping } = await importRecord(repository, context, idOf(ctx));
  const { app } = context.registry;
  const file = await heldFile(knex, app, id);
  if (file === undefined) throw problem('not_found', { detail: 'The file of this import is not kept any more.' });
  const matches = mapping.upsertOn !== null && (mapping.upsertOn !== undefined || 'external_id' in mapping.fields);
  const shape = { header: file.header, delimiter: mapping.format?.delimiter ?? file.delimiter };
  ctx.status = 200;
  ctx.type = 'text/csv; charset=utf-8';
  ctx.attachment(`${file.name.replace(/\.[^.]*$/, '')}-rejects.csv`);
  ctx.set('Cache-Control', 'private, no-store');
  ctx.body = Readable.from(
    (async function* () {
      yield rejectsCsv(shape, [], true);
      for await (const rows of rejectedRows(knex, app, id, matches)) yield rejectsCsv(shape, rows, false);
    })(),
  );
}
