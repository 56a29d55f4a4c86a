// The paths about records that are alike: asking for them, merging them, taking them apart again.
import {
  type DocumentedOperation,
  type DocumentedPaths,
  dataResponse,
  jsonRequest,
  problems,
} from '../../http/documented-paths.ts';
import type { Entity } from '../../metadata/registry.ts';
import type { Operation } from '../../metadata/types.ts';
import { headerRefs, parameterRef } from './components.ts';
import { componentNames, schemaRef } from './entity-schemas.ts';

type Can = (operation: Operation) => boolean;
type IsOn = (feature: string) => boolean;

export function mergingPaths(entity: Entity, can: Can, isOn: IsOn): DocumentedPaths {
  const path = `/${entity.name}`;
  const compares = (entity.meta.duplicateRules ?? []).length > 0 && isOn('duplicates');
  return {
    ...(compares && can('create') ? { [`${path}/duplicates`]: { post: duplicates(entity, false) } } : {}),
    ...(compares && can('update') ? { [`${path}/{id}/duplicates`]: { post: duplicates(entity, true) } } : {}),
    ...(can('merge')
      ? { [`${path}/{id}/merge`]: { post: merge(entity) }, [`${path}/{id}/unmerge`]: { post: unmerge(entity) } }
      : {}),
  };
}

const one = (entity: Entity): string => entity.meta.label['en']?.one ?? entity.singular;
const uuid = { type: 'string', format: 'uuid' } as const;
const refused = [400, 401, 403, 404, 409, 413, 415, 422, 429, 503] as const;

const duplicates = (entity: Entity, known: boolean): DocumentedOperation => ({
  operationId: `find_duplicates_of_${known ? 'known_' : ''}${entity.singular}`,
  summary: `Find records that are alike: ${one(entity)}`,
  description: 'By the duplicate rules, while one types: what is missing or malformed is left out. Needs no Idempotency-Key.',
  ...(known ? { parameters: [parameterRef('Id')] } : {}),
  requestBody: jsonRequest({ type: 'object' }),
  responses: {
    200: dataResponse('What each rule has found.', { type: 'array', items: schemaRef('DuplicateFinding') }),
    ...problems(400, 401, 403, 404, 413, 415, 422, 429, 503),
  },
});

const merged = (entity: Entity) => ({
  description: 'The record as it is now.',
  headers: headerRefs('ETag', 'Replayed'),
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['data', 'merge'],
        properties: {
          data: schemaRef(componentNames(entity).read),
          merge: {
            type: 'object',
            required: ['id', 'records', 'moved', 'collapsed'],
            properties: {
              id: uuid,
              records: { type: 'array', items: uuid },
              moved: { type: 'integer', description: 'Records that refer to the one now.' },
              collapsed: { type: 'integer', description: 'Records that were taken away because it had one like them.' },
            },
          },
        },
      },
    },
  },
});

const merge = (entity: Entity): DocumentedOperation => ({
  operationId: `merge_${entity.singular}`,
  summary: `Merge others into one: ${one(entity)}`,
  description:
    'The others are deleted; what refers to them refers to this one. A field keeps its value, or takes the first that there is, unless `fields` says whose value it is to have.',
  parameters: (['Id', 'IdempotencyKey', 'DryRun', 'IfMatch'] as const).map(parameterRef),
  requestBody: jsonRequest({
    type: 'object',
    required: ['records'],
    additionalProperties: false,
    properties: {
      records: { type: 'array', items: uuid, minItems: 1, maxItems: 20 },
      fields: { type: 'object', additionalProperties: uuid, description: 'Field name → id of one of the records.' },
    },
  }),
  responses: { 200: merged(entity), ...problems(...refused, 412, 428) },
});

const unmerge = (entity: Entity): DocumentedOperation => ({
  operationId: `unmerge_${entity.singular}`,
  summary: `Undo a merge: ${one(entity)}`,
  description: 'Refused with what has been changed since (`merge_changed`).',
  parameters: (['Id', 'IdempotencyKey', 'DryRun'] as const).map(parameterRef),
  requestBody: jsonRequest({
    type: 'object',
    additionalProperties: false,
    properties: { merge: { ...uuid, description: 'The newest that still stands when absent.' } },
  }),
  responses: { 200: merged(entity), ...problems(...refused) },
});
