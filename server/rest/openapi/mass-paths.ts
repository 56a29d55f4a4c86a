// Changes of many records at once: by a filter, by an array, and the batch of different writes.
import {
  type DocumentedOperation,
  type DocumentedPaths,
  dataResponse,
  jsonRequest,
  problems,
} from '../../http/documented-paths.ts';
import type { Entity } from '../../metadata/registry.ts';
import type { Operation } from '../../metadata/types.ts';
import { batchOperations, maxOperations } from '../batch.ts';
import { maxRecords } from '../many.ts';
import { mergePatch } from '../update.ts';
import { headerRefs, parameterRef } from './components.ts';
import { componentNames, schemaRef } from './entity-schemas.ts';
import { filterParameters } from './filters.ts';

const refused = [400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 503] as const;
const uuid = { type: 'string', format: 'uuid' } as const;
const label = (entity: Entity): string => entity.meta.label['en']?.other ?? entity.name;

/** Of the path of all records of the entity. */
export const massOperations = (entity: Entity, can: (operation: Operation) => boolean) => ({
  ...(can('update') ? { patch: updateMany(entity) } : {}),
  ...(can('delete') ? { delete: removeMany(entity) } : {}),
});

const affected = {
  type: 'object',
  required: ['matched', 'changed', 'ids'],
  properties: {
    matched: { type: 'integer', maximum: maxRecords },
    changed: { type: 'integer', description: 'Fewer, where some had the values already.' },
    ids: { type: 'array', items: uuid, maxItems: maxRecords },
  },
};

const filtering = (entity: Entity) => [
  ...(['MaxAffected', 'Filter', 'IdempotencyKey', 'DryRun', 'Prefer'] as const).map(parameterRef),
  ...(entity.meta.search === undefined ? [] : [parameterRef('Search')]),
  ...filterParameters(entity),
];

function updateMany(entity: Entity): DocumentedOperation {
  const patch = schemaRef(componentNames(entity).update);
  const each = {
    type: 'array',
    maxItems: maxRecords,
    items: {
      allOf: [patch],
      type: 'object',
      required: ['id'],
      properties: { id: uuid, version: { type: 'integer', description: 'Refused (412) when the record has another.' } },
    },
  };
  const answer = { oneOf: [affected, { type: 'array', items: schemaRef(componentNames(entity).read) }] };
  return {
    operationId: `update_${entity.name}`,
    summary: `Change many: ${label(entity)}`,
    description:
      'An object changes all records that the filter finds, as many as `maxAffected` at most; it takes the right to change many at once. An array changes the records that it names. All or none.',
    parameters: filtering(entity),
    requestBody: jsonRequest({ oneOf: [patch, each] }, [mergePatch, 'application/json']),
    responses: {
      200: dataResponse('What was changed: how many, or the records of the array.', answer, headerRefs('Replayed')),
      204: { description: 'Changed, and no body was wanted.' },
      ...problems(...refused),
    },
  };
}

const removeMany = (entity: Entity): DocumentedOperation => ({
  operationId: `delete_${entity.name}`,
  summary: `Delete many: ${label(entity)}`,
  description: 'All records that the filter finds, as many as `maxAffected` at most; each can be restored. All or none.',
  parameters: filtering(entity),
  responses: {
    200: dataResponse('What was deleted.', affected, headerRefs('Replayed')),
    204: { description: 'Deleted, and no body was wanted.' },
    ...problems(400, 401, 403, 404, 409, 422, 429, 503),
  },
});

const operation = {
  type: 'object',
  required: ['op', 'entity'],
  properties: {
    op: { enum: [...batchOperations] },
    entity: { type: 'string', description: 'Plural name.' },
    id: { type: 'string', description: 'Of the record; not with create and upsert.' },
    data: { type: 'object', description: 'Of create, upsert and update.' },
    onConflict: { type: 'string', description: 'With upsert: the unique field that decides.' },
    version: { type: 'integer', description: 'With update and delete: refused (412) when the record has another.' },
  },
  additionalProperties: false,
};

const result = {
  type: 'object',
  required: ['op', 'entity', 'created', 'changed', 'record'],
  properties: {
    op: { enum: [...batchOperations] },
    entity: { type: 'string' },
    created: { type: 'boolean' },
    changed: { type: 'boolean' },
    record: { type: ['object', 'null'], description: 'As it is now; null when it was deleted.' },
  },
};

export const batchPaths: DocumentedPaths = {
  '/batch': {
    post: {
      operationId: 'batch',
      summary: 'Different writes in one transaction',
      description:
        'In their order, all or none. A text `"$0.id"` is that value of the record of the first operation, `"$1.version"` of the second; a text that begins so is written `"$$0.id"`.',
      parameters: (['IdempotencyKey', 'DryRun', 'Prefer'] as const).map(parameterRef),
      requestBody: jsonRequest({
        type: 'object',
        required: ['operations'],
        properties: { operations: { type: 'array', maxItems: maxOperations, items: operation } },
        additionalProperties: false,
      }),
      responses: {
        200: dataResponse(
          'What each came to.',
          { type: 'array', items: result, maxItems: maxOperations },
          headerRefs('Replayed'),
        ),
        204: { description: 'Done, and no body was wanted.' },
        ...problems(...refused),
      },
    },
  },
};
