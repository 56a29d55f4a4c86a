// The sign-in routes, for the OpenAPI document: signing in and out here, what an account has besides in another file.
import { type DocumentedPart, type DocumentedPaths, dataResponse, jsonRequest, problems } from '../http/documented-paths.ts';
import { accountPaths } from './documented-account.ts';

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
    second_factor_enrolment: {
      type: 'boolean',
      description: 'true: a role asks for a second factor, which has to be set up first.',
    },
  },
};

const redirection = {
  description: 'Go there.',
  headers: { Location: { description: 'Where to.', schema: { type: 'string' } } },
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
      description:
        'Who has a second factor sends its code as `otp`, or gets `second_factor_required` with a `challenge` for /auth/login/second-factor.',
      security: [],
      requestBody: jsonRequest({
        type: 'object',
        required: ['email', 'password'],
        properties: {
          email: { type: 'string', format: 'email' },
          password: { type: 'string', format: 'password' },
          otp: { type: 'string', description: 'A code of the authenticator app, or a recovery code.' },
        },
      }),
      responses: { 200: dataResponse('A session has begun.', tokens), ...problems(400, 401, 413, 415, 422, 429) },
    },
  },
  '/auth/login/second-factor': {
    post: {
      operationId: 'auth_second_factor',
      summary: 'Finish signing in with the second factor',
      security: [],
      requestBody: jsonRequest({
        type: 'object',
        required: ['code'],
        properties: {
          challenge: { type: 'string', description: 'From the first step; browsers may hold it in a cookie instead.' },
          code: { type: 'string', description: 'A code of the authenticator app, or a recovery code.' },
        },
      }),
      responses: { 200: dataResponse('A session has begun.', tokens), ...problems(400, 401, 413, 415, 422, 429) },
    },
  },
  '/auth/providers': {
    get: {
      operationId: 'auth_providers',
      summary: 'How people can sign in besides a password',
      security: [],
      responses: {
        200: dataResponse('What is set.', {
          type: 'object',
          required: ['password_reset', 'providers'],
          properties: {
            password_reset: { type: 'boolean', description: 'Whether a new password can be asked for by mail.' },
            providers: {
              type: 'array',
              items: {
                type: 'object',
                required: ['id', 'name', 'start'],
                properties: {
                  id: { type: 'string' },
                  name: { type: 'string' },
                  start: { type: 'string', description: 'Path to send the browser to.' },
                },
              },
            },
          },
        }),
        ...problems(405, 429),
      },
    },
  },
  '/auth/oidc/start': {
    get: {
      operationId: 'auth_oidc_start',
      summary: 'Send a browser to the OpenID provider',
      security: [],
      parameters: [
        {
          name: 'return',
          in: 'query',
          description: 'Path of this site to come back to.',
          schema: { type: 'string', default: '/' },
        },
      ],
      responses: { 302: redirection, ...problems(400, 404, 429) },
    },
  },
  '/auth/oidc/callback': {
    get: {
      operationId: 'auth_oidc_callback',
      summary: 'Where the OpenID provider sends the browser back',
      description:
        'Sets the cookie of the session and goes on to the page that was asked for, with `#sign-on=` and how it went: `done`, `second-factor`, `unknown`, `cancelled` or `failed`.',
      security: [],
      parameters: ['code', 'state', 'iss', 'error', 'error_description'].map((name) => ({
        ...{ name, in: 'query', description: 'As the provider sends it.', schema: { type: 'string' } },
      })),
      responses: { 302: redirection, ...problems(404, 429) },
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

export const authPart: DocumentedPart = { name: 'auth', description: 'Sign-in', paths: { ...paths, ...accountPaths } };
