// The GraphQL endpoint, for the OpenAPI document.
import { type DocumentedPart, type DocumentedPaths, jsonRequest, problems } from '../http/documented-paths.ts';

const result = {
  description: 'What GraphQL answers; its own errors stand in `errors`.',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: {
          data: { type: ['object', 'null'] },
          errors: { type: 'array', items: { type: 'object' } },
          extensions: {
            type: 'object',
            description:
              '`unreadable`: records that a mutation wrote but its caller may not read, each with `path`, `id` and `version`; in the data they are null.',
          },
        },
      },
    },
  },
};
const text = (name: string, description: string, required = false) => ({
  name,
  in: 'query',
  description,
  required,
  schema: { type: 'string' },
});

const paths: DocumentedPaths = {
  '/graphql': {
    get: {
      operationId: 'graphql_query',
      summary: 'Run a GraphQL query',
      parameters: [
        text('query', 'A GraphQL document without mutations', true),
        text('operationName', 'Which of its operations'),
        text('variables', 'A JSON object'),
      ],
      responses: { 200: result, ...problems(400, 401, 403, 405, 429) },
    },
    post: {
      operationId: 'graphql',
      summary: 'Run a GraphQL operation',
      parameters: [
        {
          name: 'Idempotency-Key',
          in: 'header',
          description: 'Required for mutations',
          schema: { type: 'string', maxLength: 255 },
        },
      ],
      requestBody: jsonRequest({
        type: 'object',
        required: ['query'],
        properties: {
          query: { type: 'string' },
          operationName: { type: ['string', 'null'] },
          variables: { type: ['object', 'null'] },
        },
      }),
      responses: { 200: result, ...problems(400, 401, 403, 409, 413, 415, 422, 429) },
    },
  },
};

export const graphqlPart: DocumentedPart = {
  name: 'graphql',
  description: 'GraphQL over HTTP',
  paths,
  features: { '/graphql': 'graphql' },
};
