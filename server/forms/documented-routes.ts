// The metadata and form routes, for the OpenAPI document.
import { type DocumentedPart, type DocumentedPaths, dataResponse, problems } from '../http/documented-paths.ts';

const object = (description: string) => ({ type: 'object', description, additionalProperties: true });

const paths: DocumentedPaths = {
  '/meta': {
    get: {
      operationId: 'meta',
      summary: 'The metadata, as far as the caller may see it',
      responses: {
        200: dataResponse('Entities, fields, relations, views, layouts and the caller.', object('The metadata document')),
        ...problems(401, 429),
      },
    },
  },
  '/meta/served': {
    get: {
      operationId: 'meta_served',
      summary: 'Whether the metadata document may have changed',
      description: 'With what the caller knows it waits until there is something else, for 25 seconds at most.',
      parameters: [
        { name: 'metadata', in: 'query', description: 'The version that the caller knows', schema: { type: 'integer' } },
        { name: 'features', in: 'query', description: 'The mark that the caller knows', schema: { type: 'string' } },
      ],
      responses: {
        200: dataResponse('The same as long as nothing of it has changed.', {
          type: 'object',
          required: ['metadata', 'features'],
          properties: {
            metadata: { type: 'integer', description: 'Version of the metadata' },
            features: { type: 'string', description: 'Another text when other features are on for the caller' },
          },
        }),
        ...problems(400, 401, 429),
      },
    },
  },
  '/meta/forms/{entity}': {
    get: {
      operationId: 'meta_form',
      summary: 'The form of an entity: JSON Schema (draft-07) and UI schema',
      parameters: [
        { name: 'entity', in: 'path', required: true, description: 'Plural name', schema: { type: 'string' } },
        { name: 'language', in: 'query', description: 'Of the labels; the request’s when absent.', schema: { type: 'string' } },
      ],
      responses: {
        200: dataResponse('The form.', {
          type: 'object',
          required: ['schema', 'uiSchema'],
          properties: { schema: object('JSON Schema, draft-07'), uiSchema: object('For react-jsonschema-form') },
        }),
        ...problems(400, 401, 404, 429),
      },
    },
  },
};

export const formsPart: DocumentedPart = { name: 'meta', description: 'Metadata and forms', paths };
