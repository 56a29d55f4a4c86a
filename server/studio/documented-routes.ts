// The metadata API, for the OpenAPI document.
import { type DocumentedPart, type DocumentedPaths, dataResponse, jsonRequest, problems } from '../http/documented-paths.ts';
import { answers, requests } from './documented-schemas.ts';

const key = { $ref: '#/components/parameters/IdempotencyKey' };
const prefer = {
  name: 'Prefer',
  in: 'header',
  description: 'RFC 7240: `wait=N` waits N seconds for the outcome (10 when absent, 30 at most), `respond-async` not at all.',
  schema: { type: 'string' },
};
const query = (name: string, description: string, schema: object, required = false) => ({
  name,
  in: 'query',
  description,
  ...(required ? { required } : {}),
  schema,
});
const integer = { type: 'integer', minimum: 0 };
const limit = query('limit', 'How many; 50 when absent.', { type: 'integer', minimum: 1, maximum: 200 });
const list = (items: object) => ({ type: 'array', items });
const pageOf = (description: string, items: object, more: object = {}) => ({
  description,
  content: {
    'application/json': {
      schema: { type: 'object', required: ['data', 'page'], properties: { data: list(items), page: answers.page, ...more } },
    },
  },
});
const underWay = dataResponse('It goes on; Location is the version, which shows the progress.', answers.outcome, {
  Location: { $ref: '#/components/headers/Location' },
});

const paths: DocumentedPaths = {
  '/meta/plan': {
    post: {
      operationId: 'meta_plan',
      summary: 'What a change of the metadata would do, without doing it',
      requestBody: jsonRequest(requests.change),
      responses: { 200: dataResponse('The plan.', answers.plan), ...problems(400, 401, 403, 409, 413, 415, 422, 429) },
    },
  },
  '/meta/apply': {
    post: {
      operationId: 'meta_apply',
      summary: 'Change the metadata',
      description: 'Answers when every node serves the change, or after the wait that Prefer states.',
      parameters: [key, prefer],
      requestBody: jsonRequest(requests.change),
      responses: {
        200: dataResponse('Live on all nodes.', answers.outcome),
        202: underWay,
        ...problems(400, 401, 403, 409, 413, 415, 422, 429),
      },
    },
  },
  '/meta/rollback': {
    post: {
      operationId: 'meta_rollback',
      summary: 'Go back to an earlier version, with the data',
      description: 'Itself a version, which can be taken back in turn.',
      parameters: [key, prefer, query('plan', 'true: as /meta/rollback/plan', { type: 'boolean' })],
      requestBody: jsonRequest(requests.rollback),
      responses: {
        200: dataResponse('Live on all nodes.', answers.outcome),
        202: underWay,
        ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
      },
    },
  },
  '/meta/rollback/plan': {
    post: {
      operationId: 'meta_rollback_plan',
      summary: 'What going back to an earlier version would do, without doing it',
      requestBody: jsonRequest(requests.rollback),
      responses: {
        200: dataResponse('The plan.', answers.rollbackPlan),
        ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
      },
    },
  },
  '/meta/versions': {
    get: {
      operationId: 'meta_versions',
      summary: 'The versions of the metadata, newest first',
      parameters: [limit, query('after', '`next` of the page before', { type: 'string' })],
      responses: { 200: pageOf('The versions.', answers.summary), ...problems(400, 401, 403, 429) },
    },
  },
  '/meta/versions/{number}': {
    get: {
      operationId: 'meta_version',
      summary: 'One version: its changes, its steps with SQL, and how far it has come',
      parameters: [{ name: 'number', in: 'path', required: true, description: 'Of the version', schema: integer }],
      responses: { 200: dataResponse('The version.', answers.detail), ...problems(400, 401, 403, 404, 429) },
    },
  },
  '/meta/versions/compare': {
    get: {
      operationId: 'meta_compare',
      summary: 'What changed from one version to another',
      parameters: [query('from', 'The earlier version', integer, true), query('to', 'The version served when absent', integer)],
      responses: { 200: dataResponse('The difference.', answers.comparison), ...problems(400, 401, 403, 404, 429) },
    },
  },
  '/meta/conversions': {
    get: {
      operationId: 'meta_conversions',
      summary: 'The values of a field that would not convert to another type',
      parameters: [
        query('entity', 'Plural name', { type: 'string' }, true),
        query('field', 'Name of the field', { type: 'string' }, true),
        query('type', 'The type that it is to become', { type: 'string' }, true),
        query('settings', 'Further properties of the field then, as JSON', { type: 'string' }),
        limit,
        query('after', '`next` of the page before', { type: 'string' }),
      ],
      responses: {
        200: pageOf('Records and their values.', answers.conversion, { total: { type: 'integer' } }),
        ...problems(400, 401, 403, 404, 429),
      },
    },
  },
  '/meta/export': {
    get: {
      operationId: 'meta_export',
      summary: 'The documents that the metadata are made of',
      parameters: [
        query('layers', 'custom: what was made at run time; all: files and plugins, too', {
          type: 'string',
          enum: ['custom', 'all'],
          default: 'custom',
        }),
        query('version', 'Of which version; the one served when absent', integer),
      ],
      responses: { 200: dataResponse('The documents.', answers.documents), ...problems(400, 401, 403, 404, 429) },
    },
  },
};

export const studioPart: DocumentedPart = { name: 'studio', description: 'Changing the metadata', paths };
