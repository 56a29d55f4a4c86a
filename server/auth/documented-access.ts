// The route that tells why, for the OpenAPI document.
import { type DocumentedPart, dataResponse, problems } from '../http/documented-paths.ts';
import { explainable } from './explain.ts';

const text = { type: 'string' };
const flag = { type: 'boolean' };

const reason = {
  type: 'object',
  required: ['kind', 'grants'],
  description: 'What a feature flag, a role, a share, the record it belongs to, or the entity itself says.',
  properties: { kind: { enum: ['feature', 'role', 'share', 'parent', 'entity', 'record', 'read'] }, grants: flag },
};

const explanation = {
  type: 'object',
  required: ['entity', 'id', 'action', 'user', 'allowed', 'because'],
  properties: {
    entity: text,
    id: text,
    action: text,
    user: { type: 'object', properties: { id: text, display_name: text, roles: { type: 'array', items: text } } },
    allowed: flag,
    because: { type: 'array', items: reason },
    fields: {
      type: 'object',
      description: 'Fields that are closed, masked or may not be set.',
      properties: Object.fromEntries(['closed', 'masked', 'locked'].map((name) => [name, { type: 'array', items: text }])),
    },
  },
};

export const accessPart: DocumentedPart = {
  name: 'access',
  description: 'Who may do what, and why.',
  paths: {
    '/{entity}/{id}/access': {
      get: {
        operationId: 'access_explain',
        summary: 'Why a user may do something with a record, or may not',
        parameters: [
          { name: 'entity', in: 'path', required: true, description: 'Plural name', schema: text },
          { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
          {
            name: 'user',
            in: 'query',
            description: 'Id of a user; the caller when absent',
            schema: { type: 'string', format: 'uuid' },
          },
          { name: 'action', in: 'query', schema: { enum: explainable, default: 'read' } },
        ],
        responses: {
          200: dataResponse('The answer, with every reason.', explanation),
          ...problems(400, 401, 403, 404, 405, 429),
        },
      },
    },
  },
};
