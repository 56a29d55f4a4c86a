// The sign-in routes, for the OpenAPI document.
import { type DocumentedPart, type DocumentedPaths, dataResponse, jsonRequest, problems } from '../http/documented-paths.ts';

const tokens = {
  type: 'object',
  required: ['access_token', 'token_type', 'expires_in'],
  properties: {
    access_token: { type: 'string', description: 'A JWT, to be sent as Authorization: Bearer ….' },
    refresh_token: {
      type: 'string',
      description: 'Works once; absent for requests with X-Formwork-Client: ui, which get it as a cookie.',
    },
    token_type: { type: 'string', const: 'Bearer' },
    expires_in: { type: 'integer', description: 'Seconds' },
  },
};

const givenToken = jsonRequest(
  { type: 'object', properties: { refresh_token: { type: 'string' } } },
  ['application/json'],
  false,
);

const paths: DocumentedPaths = {
  '/auth/login': {
    post: {
      operationId: 'auth_login',
      summary: 'Sign in with e-mail and password',
      security: [],
      requestBody: jsonRequest({
        type: 'object',
        required: ['email', 'password'],
        properties: { email: { type: 'string', format: 'email' }, password: { type: 'string', format: 'password' } },
      }),
      responses: { 200: dataResponse('A session has begun.', tokens), ...problems(400, 401, 413, 415, 422, 429) },
    },
  },
  '/auth/refresh': {
    post: {
      operationId: 'auth_refresh',
      summary: 'Exchange a refresh token for the next tokens',
      description: 'The token comes in the body or in the cookie. A token that is used twice ends its session.',
      security: [],
      requestBody: givenToken,
      responses: { 200: dataResponse('The session goes on.', tokens), ...problems(400, 401, 413, 415, 429) },
    },
  },
  '/auth/logout': {
    post: {
      operationId: 'auth_logout',
      summary: 'End the session',
      security: [],
      requestBody: givenToken,
      responses: { 204: { description: 'The session has ended.' }, ...problems(400, 413, 415, 429) },
    },
  },
  '/auth/me': {
    get: {
      operationId: 'auth_me',
      summary: 'Who is signed in',
      responses: {
        200: dataResponse('The signed-in user.', {
          type: 'object',
          required: ['id', 'display_name', 'email', 'roles', 'language'],
          properties: {
            id: { type: 'string', format: 'uuid' },
            display_name: { type: 'string' },
            email: { type: ['string', 'null'] },
            roles: { type: 'array', items: { type: 'string' } },
            language: { type: 'string' },
          },
        }),
        ...problems(401, 429),
      },
    },
  },
};

export const authPart: DocumentedPart = { name: 'auth', description: 'Sign-in', paths };
