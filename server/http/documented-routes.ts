// The routes of this floor, for the OpenAPI document: health and what the UI reads first. They stand outside of the base path.
import { type DocumentedPart, type DocumentedPaths, problems } from './documented-paths.ts';

const servers = [{ url: '/' }];
const json = (description: string, schema: unknown) => ({ description, content: { 'application/json': { schema } } });
const status = { type: 'object', required: ['status'], properties: { status: { type: 'string' } } };
const check = { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean' } } };
const ready = { ...status, additionalProperties: check };

const paths: DocumentedPaths = {
  '/health/live': {
    servers,
    get: {
      operationId: 'health_live',
      summary: 'Whether the process answers',
      security: [],
      responses: { 200: json('It does.', status), ...problems(405) },
    },
  },
  '/health/ready': {
    servers,
    get: {
      operationId: 'health_ready',
      summary: 'Whether the server can do its work',
      security: [],
      responses: { 200: json('It can.', ready), 503: json('It cannot; the body says why.', ready), ...problems(405) },
    },
  },
  '/app.json': {
    servers,
    get: {
      operationId: 'app_document',
      summary: 'What a client must know before anybody signs in',
      security: [],
      responses: {
        200: json('The application.', {
          type: 'object',
          required: ['basePath', 'name', 'label', 'languages', 'version'],
          properties: {
            basePath: { type: 'string' },
            name: { type: 'string' },
            label: { type: 'object', additionalProperties: { type: 'string' } },
            languages: { type: 'array', items: { type: 'string' } },
            version: { type: 'string' },
          },
        }),
        ...problems(405),
      },
    },
  },
};

export const systemPart: DocumentedPart = { name: 'system', description: 'The server itself', paths };
