// GET {base}/{entity}/export: the records of a list query as a file, streamed.
import { Readable } from 'node:stream';
import { problem } from '../problem.ts';
import { parseListQuery } from '../query/parse.ts';
import { requireOperation, seenBy } from '../repository/access.ts';
import { exportFile } from './export-file.ts';
import { type FileFormat, fileFormats, mediaTypes } from './formats/row-file.ts';
import { type Ctx, entityOf, type ImportRouteServices } from './route-services.ts';

export async function sendExport(ctx: Ctx, { repository, renew }: ImportRouteServices): Promise<void> {
  const parameters = new URLSearchParams(ctx.querystring);
  const format = exportFormat(parameters.get('format') ?? 'csv', '?format');
  parameters.delete('format');
  const asked = () => {
    const { context } = ctx.state;
    const entity = entityOf(ctx);
    requireOperation(context, entity, 'export');
    return { context, entity, query: { ...parseListQuery(seenBy(context), entity, parameters), right: 'export' as const } };
  };
  const first = asked();
  const chunks = exportFile(repository, first, format, {
    again: async (error) => ((await renew?.(ctx, error)) === true ? asked() : undefined),
  });
  // The first page is read before the status is sent, so that what is refused is refused as a problem.
  const start = await chunks.next();
  ctx.status = 200;
  ctx.type = format === 'xlsx' ? mediaTypes.xlsx : `${mediaTypes[format]}; charset=utf-8`;
  ctx.attachment(`${first.entity.name}.${format}`);
  ctx.set('Cache-Control', 'private, no-store');
  ctx.body = Readable.from(
    (async function* () {
      if (start.done !== true) yield start.value;
      yield* chunks;
    })(),
  );
}

/** @throws problem `invalid_query` */
export function exportFormat(text: unknown, pointer: string): FileFormat {
  const format = fileFormats.find((one) => one === text);
  if (format !== undefined) return format;
  const detail = `"${String(text)}" is not a format; ${fileFormats.join(', ')} are.`;
  throw problem('invalid_query', { errors: [{ pointer, code: 'format', detail }] });
}
