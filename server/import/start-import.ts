// POST {base}/{entity}/import: the file is kept and the import queued; its record shows the progress.
import { idempotencyKeyOf } from '../http/idempotency-key.ts';
import { problem } from '../problem.ts';
import { requireOperation, seenBy } from '../repository/access.ts';
import { runIdempotent } from '../repository/idempotency.ts';
import { askedImport } from './asked-import.ts';
import { queueImport } from './import-job.ts';
import { importsEntity } from './import-record.ts';
import { compileMapping } from './mapping.ts';
import { rememberMapping } from './remembered.ts';
import { type Ctx, entityOf, type ImportRouteServices, jsonAnswer, send } from './route-services.ts';

/** What the job would refuse at once is refused now, while the caller listens. */
export async function startImport(ctx: Ctx, services: ImportRouteServices): Promise<void> {
  const { context } = ctx.state;
  const entity = entityOf(ctx);
  requireOperation(context, entity, 'import');
  const key = idempotencyKeyOf(ctx);
  const { file, mapping, remember, fingerprint } = await askedImport(ctx, services, entity);
  if (mapping === undefined)
    throw problem('validation_failed', {
      errors: [
        { pointer: ctx.is('json') ? '/mapping' : '?mapping', code: 'required', detail: 'Give a mapping, or the name of one.' },
      ],
    });
  compileMapping(seenBy(context), entity, mapping, file.header);
  const answer = await runIdempotent(
    services.repository,
    context,
    { key, method: ctx.method, path: ctx.path, fingerprint },
    async (inner) => {
      const stored = { id: await file.keep(inner), name: file.name, rows: file.rows };
      const id = await queueImport(services, inner, { entity: entity.name, mapping, file: stored });
      await rememberMapping(inner, entity, file.header, mapping, remember);
      const location = `${context.registry.app.basePath}/${importsEntity}/${id}`;
      return jsonAnswer(202, { data: { id, status: 'queued' } }, { location });
    },
  );
  send(ctx, answer);
}
