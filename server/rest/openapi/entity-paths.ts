// The paths of one entity, with the operations that it declares and the caller may use.
import {
  type DocumentedOperation,
  type DocumentedPaths,
  dataResponse,
  jsonRequest,
  problems,
} from '../../http/documented-paths.ts';
import { requiredOnCreate } from '../../metadata/input-fields.ts';
import type { Entity } from '../../metadata/registry.ts';
import type { Operation } from '../../metadata/types.ts';
import { listWords } from '../../query/parse.ts';
import { mergePatch } from '../update.ts';
import { aggregatePath } from './aggregate-path.ts';
import { headerRefs, parameterRef } from './components.ts';
import { componentNames, schemaRef } from './entity-schemas.ts';
import { createExample } from './example.ts';
import { filterParameters } from './filters.ts';
import { massOperations } from './mass-paths.ts';
import { mergingPaths } from './merging-paths.ts';

type Can = (operation: Operation) => boolean;
type IsOn = (feature: string) => boolean;

const read = [400, 401, 403, 404, 429, 503] as const;
const written = [400, 401, 403, 404, 409, 413, 415, 422, 429, 503] as const;

export function entityPaths(entity: Entity, can: Can, isOn: IsOn): DocumentedPaths {
  const item = {
    ...(can('read') ? { get: readOne(entity) } : {}),
    ...(can('update') ? { patch: update(entity) } : {}),
    ...(can('delete') || can('purge') ? { delete: remove(entity, can('purge')) } : {}),
  };
  const all = {
    ...(can('read') ? { get: list(entity) } : {}),
    ...(can('create') ? { post: create(entity) } : {}),
    ...(isOn('mass_change') ? massOperations(entity, can) : {}),
  };
  const path = `/${entity.name}`;
  return {
    ...(Object.keys(all).length > 0 ? { [path]: all } : {}),
    ...(can('read') ? { [`${path}/query`]: { post: query(entity) } } : {}),
    ...(can('read') ? { [`${path}/aggregate`]: { get: aggregatePath(entity, label(entity, 'other')) } } : {}),
    ...(Object.keys(item).length > 0 ? { [`${path}/{id}`]: item } : {}),
    ...mergingPaths(entity, can, isOn),
    ...(can('restore') ? { [`${path}/{id}/restore`]: { post: restore(entity) } } : {}),
  };
}

const record = (entity: Entity) => schemaRef(componentNames(entity).read);
const label = (entity: Entity, form: 'one' | 'other'): string =>
  entity.meta.label['en']?.[form] ?? (form === 'one' ? entity.singular : entity.name);

const listOf = (entity: Entity) => ({
  description: 'One page.',
  headers: headerRefs('Link', 'TotalCount'),
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['data', 'page'],
        properties: { data: { type: 'array', items: record(entity) }, page: schemaRef('Page') },
      },
    },
  },
});

const list = (entity: Entity): DocumentedOperation => ({
  operationId: `list_${entity.name}`,
  summary: `List: ${label(entity, 'other')}`,
  description: 'Filters are `field[operator]=value`; a path over relations works as well: `creator.email[eq]=…`.',
  parameters: [
    ...(['Fields', 'Include', 'Sort', 'Limit', 'After', 'Before', 'Page', 'Count', 'Filter', 'Deleted'] as const).map(
      parameterRef,
    ),
    ...(entity.meta.search === undefined ? [] : [parameterRef('Search')]),
    ...filterParameters(entity),
  ],
  responses: { 200: listOf(entity), ...problems(...read) },
});

const query = (entity: Entity): DocumentedOperation => ({
  operationId: `query_${entity.name}`,
  summary: `List by a JSON body: ${label(entity, 'other')}`,
  description: 'The same words as the list takes; lists of names may be arrays. Needs no Idempotency-Key: it changes nothing.',
  requestBody: jsonRequest({
    type: 'object',
    properties: Object.fromEntries(listWords.map((word) => [word, wordSchemas[word] ?? { type: 'string' }])),
    additionalProperties: false,
    example: { sort: '-created_at', limit: 10 },
  }),
  responses: { 200: listOf(entity), ...problems(...read, 413, 415) },
});

const names = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };
const wordSchemas: Readonly<Record<string, unknown>> = {
  fields: names,
  include: names,
  sort: names,
  limit: { type: 'integer', minimum: 1 },
  page: { type: 'integer', minimum: 1 },
  filter: { type: 'object', description: 'A condition tree.' },
  count: { type: 'string', enum: ['none', 'exact', 'estimated'] },
  deleted: { type: 'string', enum: ['live', 'only', 'with'] },
};

const readOne = (entity: Entity): DocumentedOperation => ({
  operationId: `read_${entity.singular}`,
  summary: `Read: ${label(entity, 'one')}`,
  parameters: (['Id', 'Fields', 'Include', 'IfNoneMatch'] as const).map(parameterRef),
  responses: {
    200: dataResponse('The record.', record(entity), headerRefs('ETag')),
    304: { description: 'The caller has this version.' },
    ...problems(...read),
  },
});

function create(entity: Entity): DocumentedOperation {
  const input = schemaRef(componentNames(entity).create);
  const example = createExample(entity, requiredOnCreate(entity));
  const body = { oneOf: [input, { type: 'array', items: input, maxItems: 1000 }] };
  const answer = { oneOf: [record(entity), { type: 'array', items: record(entity) }] };
  return {
    operationId: `create_${entity.singular}`,
    summary: `Create: ${label(entity, 'one')}`,
    description: 'An array creates all of its records or none.',
    parameters: (['IdempotencyKey', 'DryRun', 'OnConflict', 'Fields', 'Include', 'Prefer'] as const).map(parameterRef),
    requestBody: {
      required: true,
      content: { 'application/json': { schema: body, ...(example === undefined ? {} : { example }) } },
    },
    responses: {
      200: dataResponse('An existing record was updated (`onConflict`).', answer, headerRefs('ETag', 'Replayed')),
      201: dataResponse('Created.', answer, headerRefs('ETag', 'Location', 'Replayed')),
      204: { description: 'Updated, and no body was wanted.' },
      ...problems(...written),
    },
  };
}

const update = (entity: Entity): DocumentedOperation => ({
  operationId: `update_${entity.singular}`,
  summary: `Change: ${label(entity, 'one')}`,
  parameters: (['Id', 'IdempotencyKey', 'DryRun', 'IfMatch', 'Fields', 'Include', 'Prefer'] as const).map(parameterRef),
  requestBody: jsonRequest(schemaRef(componentNames(entity).update), [mergePatch, 'application/json']),
  responses: {
    200: dataResponse('The record after the change.', record(entity), headerRefs('ETag', 'Replayed')),
    204: { description: 'Changed, and no body was wanted.' },
    ...problems(...written, 412, 428),
  },
});

const remove = (entity: Entity, purge: boolean): DocumentedOperation => ({
  operationId: `delete_${entity.singular}`,
  summary: `Delete: ${label(entity, 'one')}`,
  parameters: [
    ...(['Id', 'IdempotencyKey', 'DryRun', 'IfMatch'] as const).map(parameterRef),
    ...(purge ? [parameterRef('Purge')] : []),
  ],
  responses: {
    204: { description: 'Deleted; restorable unless purged.' },
    ...problems(400, 401, 403, 404, 409, 412, 422, 428, 429, 503),
  },
});

const restore = (entity: Entity): DocumentedOperation => ({
  operationId: `restore_${entity.singular}`,
  summary: `Bring back a deleted record: ${label(entity, 'one')}`,
  parameters: (['Id', 'IdempotencyKey', 'DryRun', 'Prefer'] as const).map(parameterRef),
  responses: {
    200: dataResponse('The record.', record(entity), headerRefs('ETag', 'Replayed')),
    204: { description: 'Restored, and no body was wanted.' },
    ...problems(400, 401, 403, 404, 409, 422, 429, 503),
  },
});
