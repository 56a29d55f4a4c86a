// POST /{entity}/{id}/merge: other records into this one; /unmerge: apart again.
import { readJson } from '../http/json-body.ts';
import type { Entity } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { everything } from '../query/selection.ts';
import type { Context } from '../repository/context.ts';
import type { StoredResponse } from '../repository/idempotency.ts';
import type { Merged, MergeRequest } from '../repository/repository.ts';
import { objectIn } from './create.ts';
import { ifMatch } from './entity-tags.ts';
import { parametersOf } from './parameters.ts';
import type { RestContext, RestServices } from './services.ts';
import { entityOf, idOf } from './target.ts';
import { jsonType, write, writtenHeaders, writtenText } from './write.ts';

export async function merge(ctx: RestContext, services: RestServices): Promise<void> {
  const entity = entityOf(ctx);
  parametersOf(ctx, []);
  const ifVersion = ifMatch(ctx);
  const body = await readJson(ctx);
  const request = only(objectIn(body.value), ['records', 'fields']) as unknown as MergeRequest;
  const options = ifVersion === undefined ? {} : { ifVersion };
  await write(ctx, services, {
    entity,
    operation: 'merge',
    text: body.text,
    run: async (inner) =>
      answer(services, inner, entity, await services.repository.merge(inner, entity.name, idOf(ctx), request, options)),
  });
}

export async function unmerge(ctx: RestContext, services: RestServices): Promise<void> {
  const entity = entityOf(ctx);
  parametersOf(ctx, []);
  const body = await readJson(ctx);
  const { merge: id } = only(objectIn(body.value), ['merge']);
  if (id !== undefined && (typeof id !== 'string' || !/^[0-9a-f-]{36}$/i.test(id)))
    throw problem('validation_failed', {
      errors: [{ pointer: '/merge', code: 'format', detail: 'The id of a merge is needed.' }],
    });
  await write(ctx, services, {
    entity,
    operation: 'merge',
    text: body.text,
    run: async (inner) => answer(services, inner, entity, await services.repository.unmerge(inner, entity.name, idOf(ctx), id)),
  });
}

function only(given: Readonly<Record<string, unknown>>, names: readonly string[]): Readonly<Record<string, unknown>> {
  const errors = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      pointer: `/${name}`,
      code: 'unknown_field',
      detail: `There is no "${name}" here; ${names.join(' and ')} are.`,
    }));
  if (errors.length > 0) throw problem('validation_failed', { errors });
  return given;
}

/** The record as it is now, and what the merge comes to. */
async function answer(services: RestServices, context: Context, entity: Entity, merged: Merged): Promise<StoredResponse> {
  const text = await writtenText(services.repository, context, entity, merged, everything);
  const { merge: id, records, moved, collapsed, warnings = [] } = merged;
  const told = JSON.stringify({ id, records, moved, collapsed });
  const warned = warnings.length === 0 ? '' : `,"warnings":${JSON.stringify(warnings)}`;
  return {
    status: 200,
    headers: { ...writtenHeaders(context, entity, merged), ...jsonType },
    body: `{"data":${text},"merge":${told}${warned}}`,
  };
}
