// PATCH /{entity} and DELETE /{entity}: records that a filter finds, or (PATCH) an array of them, in one transaction.
import { readJson } from '../http/json-body.ts';
import type { Entity } from '../metadata/registry.ts';
import { Problem, problem, retold } from '../problem.ts';
import { parseReadQuery } from '../query/parse.ts';
import { seenBy } from '../repository/access.ts';
import type { Context } from '../repository/context.ts';
import type { StoredResponse } from '../repository/idempotency.ts';
import type { Repository, Written } from '../repository/repository.ts';
import { manyText, wantsMinimal } from './answer.ts';
import { objectIn } from './create.ts';
import { eachOf, refuseTooMany, warningsAt } from './many.ts';
import { parseMassQuery } from './mass-query.ts';
import type { RestContext, RestServices } from './services.ts';
import { entityOf } from './target.ts';
import { mergePatch } from './update.ts';
import { acceptedAnswer, jsonType, write, writtenText } from './write.ts';

type Patch = Readonly<Record<string, unknown>>;

const parametersOf = (ctx: RestContext): URLSearchParams => new URLSearchParams(ctx.querystring);

/** An array names its records by `id` (and, to be held to it, `version`); an object is for all that the filter finds. */
export async function updateMany(ctx: RestContext, services: RestServices): Promise<void> {
  const entity = entityOf(ctx);
  const { value, text } = await readJson(ctx, { types: [mergePatch] });
  const run = Array.isArray(value) ? patchEach(ctx, services, entity, value) : patchAll(ctx, services, entity, objectIn(value));
  await write(ctx, services, { entity, operation: 'update', text, run });
}

export async function removeMany(ctx: RestContext, services: RestServices): Promise<void> {
  const { repository } = services;
  const entity = entityOf(ctx);
  const run = affecting(ctx, services, entity, 'delete', (inner, id) => repository.remove(inner, entity.name, id));
  await write(ctx, services, { entity, operation: 'delete', text: '', run });
}

const patchAll = (ctx: RestContext, services: RestServices, entity: Entity, patch: Patch) =>
  affecting(ctx, services, entity, 'update', (inner, id) => services.repository.update(inner, entity.name, id, patch));

function affecting(
  ctx: RestContext,
  { repository }: RestServices,
  entity: Entity,
  right: 'update' | 'delete',
  act: (inner: Context, id: string) => Promise<Written>,
) {
  const { query, maxAffected } = parseMassQuery(seenBy(ctx.state.context), entity, parametersOf(ctx));
  const minimal = wantsMinimal(ctx);
  return async (inner: Context): Promise<StoredResponse> => {
    const ids = await repository.matching(inner, query, right, maxAffected);
    const changed: string[] = [];
    for (const id of ids) {
      const written = await act(inner, id).catch((error: unknown) => {
        // One of those that the filter has found: which, it says.
        throw error instanceof Problem ? retold(error, { extra: { record: id } }) : error;
      });
      const accepted = acceptedAnswer(written);
      if (accepted !== undefined) return accepted;
      if (written.changed) changed.push(id);
    }
    if (minimal) return { status: 204, headers: {}, body: null };
    const data = { matched: ids.length, changed: changed.length, ids: changed };
    return { status: 200, headers: jsonType, body: JSON.stringify({ data }) };
  };
}

function patchEach(ctx: RestContext, { repository }: RestServices, entity: Entity, patches: readonly unknown[]) {
  const selection = parseReadQuery(seenBy(ctx.state.context), entity, parametersOf(ctx));
  const minimal = wantsMinimal(ctx);
  return async (inner: Context): Promise<StoredResponse> => {
    refuseTooMany(patches.length, '');
    const place = (index: number): string => `/${index}`;
    const written = await eachOf(patches, place, (patch) => patchOne(repository, inner, entity, objectIn(patch)));
    const accepted = written.map(acceptedAnswer).find((answer) => answer !== undefined);
    if (accepted !== undefined) return accepted;
    if (minimal) return { status: 204, headers: {}, body: null };
    const texts: string[] = [];
    for (const one of written) texts.push(await writtenText(repository, inner, entity, one, selection));
    const warnings = written.flatMap((one, index) => warningsAt(one, place(index)));
    return { status: 200, headers: jsonType, body: manyText(texts, warnings) };
  };
}

function patchOne(repository: Repository, context: Context, entity: Entity, { id, version, ...patch }: Patch): Promise<Written> {
  const wrong = (pointer: string, detail: string): Problem =>
    problem('validation_failed', { errors: [{ pointer, code: 'type', detail }] });
  if (typeof id !== 'string') throw wrong('/id', 'The id of the record is needed.');
  if (version !== undefined && !Number.isInteger(version)) throw wrong('/version', 'A version is a whole number.');
  return repository.update(context, entity.name, id, patch, version === undefined ? {} : { ifVersion: Number(version) });
}
