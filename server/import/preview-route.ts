// POST {base}/{entity}/import/preview: which column would fill what, and what would become of the first rows.
import { idempotencyKeyOf } from '../http/idempotency-key.ts';
import type { Entity } from '../metadata/registry.ts';
import type { ImportMappingMetadata } from '../metadata/types.ts';
import { Problem } from '../problem.ts';
import { requireOperation, seenBy } from '../repository/access.ts';
import type { Context } from '../repository/context.ts';
import { runIdempotent } from '../repository/idempotency.ts';
import { type AskedFile, askedImport } from './asked-import.ts';
import { openRows } from './formats/open-rows.ts';
import { cellText, type FileRow } from './formats/row-file.ts';
import { guessMapping } from './guess-mapping.ts';
import { firstRows } from './inspect-file.ts';
import { compileMapping } from './mapping.ts';
import { previewRows } from './preview.ts';
import { rejectColumns } from './rejects.ts';
import { rememberedMappings } from './remembered.ts';
import { type Ctx, entityOf, type ImportRouteServices, jsonAnswer, send } from './route-services.ts';

/** Rows that are looked at for a guess, and those that are previewed. */
const guessedRows = 200;
const previewedRows = 20;
/** Rows that are shown as the file has them. */
const sampleRows = 3;

/** A file that comes along is kept for a day: an import may name it. Of the entity nothing is written. */
export async function preview(ctx: Ctx, services: ImportRouteServices): Promise<void> {
  const { context } = ctx.state;
  const entity = entityOf(ctx);
  requireOperation(context, entity, 'import');
  const key = idempotencyKeyOf(ctx);
  const { file, mapping: given, fingerprint } = await askedImport(ctx, services, entity);
  if (given !== undefined) compileMapping(seenBy(context), entity, given, file.header);
  const request = { key, method: ctx.method, path: ctx.path, fingerprint };
  const kept = await runIdempotent(services.repository, context, request, async (inner) =>
    jsonAnswer(200, { file: await file.keep(inner) }),
  );
  if (kept.status !== 200) return send(ctx, kept);
  const { file: id } = JSON.parse(kept.body ?? '{}') as { readonly file: string };
  const told = await toldOf(services, context, entity, file, given);
  send(ctx, { ...jsonAnswer(200, { data: { file: id, ...told } }), replayed: kept.replayed });
}

async function toldOf(
  services: ImportRouteServices,
  context: Context,
  entity: Entity,
  file: AskedFile,
  given: ImportMappingMetadata | undefined,
) {
  const rows = await firstOf(file, given?.format?.delimiter, guessedRows);
  const { mapping, from } =
    given === undefined ? await bestMapping(services, context, entity, file, rows) : { mapping: given, from: 'request' as const };
  const used = new Set(Object.values(mapping.fields).flatMap(({ column = [] }) => column));
  return {
    name: file.name,
    format: file.format,
    rows: file.rows,
    header: file.header,
    sample: rows.slice(0, sampleRows).map(({ cells }) => cells.map(cellText)),
    mapping,
    from,
    unused: file.header.filter((name) => name !== '' && !used.has(name) && !rejectColumns.some((own) => own === name)),
    preview: await previewOf(services, context, entity, file, mapping, rows.slice(0, previewedRows)),
  };
}

async function firstOf(file: AskedFile, delimiter: string | undefined, count: number): Promise<readonly FileRow[]> {
  const { rows } = await openRows({ ...file, delimiter: delimiter ?? file.delimiter }, file.read());
  return firstRows(rows, count);
}

/** A mapping without a field says nothing about any row. */
async function previewOf(
  { repository }: ImportRouteServices,
  context: Context,
  entity: Entity,
  { header }: AskedFile,
  mapping: ImportMappingMetadata,
  rows: readonly FileRow[],
) {
  return Object.keys(mapping.fields).length === 0 ? [] : previewRows(repository, context, entity, mapping, header, rows);
}

/** One that was used for such a file; else one of the application's that fits it; else a guess. */
async function bestMapping(
  { repository, knex }: ImportRouteServices,
  context: Context,
  entity: Entity,
  { header }: AskedFile,
  rows: readonly FileRow[],
): Promise<{ readonly mapping: ImportMappingMetadata; readonly from: 'me' | 'everyone' | 'application' | 'guess' }> {
  const seen = seenBy(context);
  const application = [...context.registry.importMappings.values()].filter((mapping) => mapping.entity === entity.name);
  const known = [
    ...(await rememberedMappings(knex, context, entity, header)),
    ...application.map((mapping) => ({ mapping, from: 'application' as const })),
  ];
  const fitting = known.find(({ mapping }) => fits(() => compileMapping(seen, entity, mapping, header)));
  return fitting ?? { mapping: await guessMapping(repository, context, seen, entity, header, rows), from: 'guess' };
}

function fits(compile: () => unknown): boolean {
  try {
    compile();
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
