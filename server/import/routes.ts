// POST {base}/{entity}/import and GET {base}/{entity}/export.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type Router from '@koa/router';
import { idempotencyKeyOf } from '../http/idempotency-key.ts';
import { readBytes, readJson } from '../http/json-body.ts';
import { type RouteContext, resource } from '../http/resource.ts';
import { parseStrictJson } from '../http/strict-json.ts';
import type { Entity, Registry } from '../metadata/registry.ts';
import type { ImportMappingMetadata } from '../metadata/types.ts';
import { Problem, problem } from '../problem.ts';
import { parseListQuery } from '../query/parse.ts';
import { requireOperation, seenBy, seenEntity } from '../repository/access.ts';
import type { RequestState } from '../repository/context.ts';
import { runIdempotent } from '../repository/idempotency.ts';
import { readCsv, sliced } from './csv-rows.ts';
import { type ExportFormat, exportRecords } from './export-file.ts';
import { givenMapping } from './given-mapping.ts';
import { mappingNamed } from './import-file.ts';
import { type ImportServices, importsEntity, prepareImports, queueImport } from './import-job.ts';
import { compileMapping } from './mapping.ts';

type Ctx = RouteContext<RequestState>;

/** Bytes of an import over HTTP; larger files go through the command line. */
const bodyLimit = 50 * 1024 * 1024;

export interface ImportRouteServices extends Pick<ImportServices, 'repository' | 'jobs'> {
  /** Whether the failure came from an older registry than the one that is served now; then the context has that one. */
  readonly renew?: (ctx: Ctx, error: unknown) => Promise<boolean>;
}

/** Needs `ctx.state.context`. Stands before the routes that take any `/{entity}/{id}`. */
export function importRoutes(router: Router<RequestState>, services: ImportRouteServices): void {
  let prepared: Promise<void> | undefined;
  const prepare = (): Promise<void> => {
    prepared ??= prepareImports(services.jobs).catch((error: unknown) => {
      prepared = undefined;
      throw error;
    });
    return prepared;
  };
  resource(router, '/:entity/import', {
    post: async (ctx) => {
      await prepare();
      await startImport(ctx, services);
    },
  });
  resource(router, '/:entity/export', { get: (ctx) => sendExport(ctx, services) });
}

async function startImport(ctx: Ctx, services: Pick<ImportServices, 'repository' | 'jobs'>): Promise<void> {
  const { context } = ctx.state;
  const entity = entityOf(ctx);
  requireOperation(context, entity, 'import');
  const key = idempotencyKeyOf(ctx);
  const { mapping, csv } = await readImport(ctx, context.registry, entity);
  await checkHeader(seenBy(context), entity, mapping, csv);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([ctx.path, mapping, csv]))
    .digest('hex');
  const answer = await runIdempotent(
    services.repository,
    context,
    { key, method: ctx.method, path: ctx.path, fingerprint },
    async (inner) => {
      const fileName = (ctx.get('X-File-Name') || `${entity.name}.csv`).slice(0, 255);
      const id = await queueImport(services, inner, { entity: entity.name, mapping, csv, fileName });
      const location = `${context.registry.app.basePath}/${importsEntity}/${id}`;
      return {
        status: 202,
        headers: { location, 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify({ data: { id, status: 'queued' } }),
      };
    },
  );
  if (answer.replayed) ctx.set('Idempotent-Replayed', 'true');
  ctx.status = answer.status;
  ctx.body = answer.body;
  for (const [name, value] of Object.entries(answer.headers)) ctx.set(name, value);
}

/** What the job would refuse at once is refused now, while the caller listens. */
async function checkHeader(registry: Registry, entity: Entity, mapping: ImportMappingMetadata, csv: string): Promise<void> {
  const { header, rows } = await readCsv(sliced(csv), mapping.format?.delimiter);
  await rows.return();
  compileMapping(registry, entity, mapping, header);
}

function entityOf(ctx: Ctx): Entity {
  return seenEntity(ctx.state.context, ctx.params['entity'] ?? '');
}

/** `text/csv` with `?mapping=<name or JSON>`, or JSON `{ mapping, csv }` with a name or a mapping. */
async function readImport(ctx: Ctx, registry: Registry, entity: Entity) {
  if (ctx.is('text/csv') === false) {
    const { value } = await readJson(ctx, { limit: bodyLimit, types: ['text/csv'] });
    const body = (typeof value === 'object' && value !== null ? value : {}) as {
      readonly mapping?: unknown;
      readonly csv?: unknown;
    };
    if (typeof body.csv !== 'string') {
      throw problem('validation_failed', { errors: [{ pointer: '/csv', code: 'required', detail: 'Give the file as text.' }] });
    }
    return { mapping: mappingOf(registry, entity, body.mapping, '/mapping'), csv: body.csv };
  }
  const given = new URLSearchParams(ctx.querystring).get('mapping') ?? undefined;
  const mapping = mappingOf(registry, entity, given?.startsWith('{') === true ? parseStrictJson(given) : given, '?mapping');
  return { mapping, csv: await readCsvBody(ctx) };
}

function mappingOf(registry: Registry, entity: Entity, given: unknown, pointer: string): ImportMappingMetadata {
  const named = typeof given === 'string' ? mappingNamed(registry, given) : givenMapping(given, entity.name, pointer);
  if (named !== undefined) return named;
  throw problem('validation_failed', {
    errors: [{ pointer, code: 'unknown_mapping', detail: `There is no import mapping "${String(given)}".` }],
  });
}

async function readCsvBody(ctx: Ctx): Promise<string> {
  const bytes = await readBytes(ctx, bodyLimit).catch((error: unknown) => {
    if (!(error instanceof Problem) || error.code !== 'too_large') throw error;
    throw problem('too_large', { detail: `At most ${bodyLimit} bytes; larger files go through the command line.`, cause: error });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw problem('validation_failed', { detail: 'The file is not UTF-8 text.', cause: error });
  }
}

async function sendExport(ctx: Ctx, { repository, renew }: ImportRouteServices): Promise<void> {
  const parameters = new URLSearchParams(ctx.querystring);
  const format = formatOf(parameters.get('format') ?? 'csv');
  parameters.delete('format');
  const asked = () => {
    const { context } = ctx.state;
    const entity = entityOf(ctx);
    requireOperation(context, entity, 'export');
    return { context, entity, query: { ...parseListQuery(seenBy(context), entity, parameters), right: 'export' as const } };
  };
  const first = asked();
  const chunks = exportRecords(repository, first, format, async (error) =>
    (await renew?.(ctx, error)) === true ? asked() : undefined,
  );
  // The first page is read before the status is sent, so that what is refused is refused as a problem.
  const start = await chunks.next();
  ctx.status = 200;
  ctx.type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8';
  ctx.attachment(`${first.entity.name}.${format}`);
  ctx.set('Cache-Control', 'private, no-store');
  ctx.body = Readable.from(
    (async function* () {
      if (start.done !== true) yield start.value;
      yield* chunks;
    })(),
  );
}

function formatOf(text: string): ExportFormat {
  if (text === 'csv' || text === 'ndjson') return text;
  throw problem('invalid_query', {
    errors: [{ pointer: '?format', code: 'format', detail: `"${text}" is not a format; csv and ndjson are.` }],
  });
}
