// Import and export, for the OpenAPI document.
import { type DocumentedPart, type DocumentedPaths, dataResponse, problems } from '../http/documented-paths.ts';

const entity = { name: 'entity', in: 'path', required: true, description: 'Plural name', schema: { type: 'string' } };
const file = { type: 'string', description: 'The file’s text' };

const paths: DocumentedPaths = {
  '/{entity}/import': {
    post: {
      operationId: 'import_records',
      summary: 'Import a CSV file in the background',
      parameters: [
        entity,
        { $ref: '#/components/parameters/IdempotencyKey' },
        {
          name: 'mapping',
          in: 'query',
          description: 'With text/csv: name of a mapping, or one as JSON.',
          schema: { type: 'string' },
        },
        { name: 'X-File-Name', in: 'header', description: 'Shown with the import.', schema: { type: 'string' } },
      ],
      requestBody: {
        required: true,
        content: {
          'text/csv': { schema: file },
          'application/json': {
            schema: {
              type: 'object',
              required: ['mapping', 'csv'],
              properties: { mapping: { anyOf: [{ type: 'string' }, { type: 'object' }] }, csv: file },
            },
          },
        },
      },
      responses: {
        202: dataResponse(
          'Queued; Location is its record, which shows the progress.',
          {
            type: 'object',
            required: ['id', 'status'],
            properties: { id: { type: 'string', format: 'uuid' }, status: { type: 'string' } },
          },
          { Location: { $ref: '#/components/headers/Location' } },
        ),
        ...problems(400, 401, 403, 404, 405, 409, 413, 415, 422, 429),
      },
    },
  },
  '/{entity}/export': {
    get: {
      operationId: 'export_records',
      summary: 'Download records; takes the parameters of a list',
      parameters: [
        entity,
        { name: 'format', in: 'query', schema: { type: 'string', enum: ['csv', 'ndjson'], default: 'csv' } },
        ...['Fields', 'Sort', 'Search', 'Filter', 'Deleted'].map((name) => ({ $ref: `#/components/parameters/${name}` })),
      ],
      responses: {
        200: { description: 'The file.', content: { 'text/csv': { schema: file }, 'application/x-ndjson': { schema: file } } },
        ...problems(400, 401, 403, 404, 405, 429),
      },
    },
  },
};

export const importPart: DocumentedPart = {
  name: 'import',
  description: 'Import and export of files',
  paths,
  features: { '/{entity}/import': 'import', '/{entity}/export': 'export' },
};
