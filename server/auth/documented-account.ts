// What an account has besides its sign-in, for the OpenAPI document: sessions, keys, second factor, password, invitations.
import { type DocumentedPaths, dataResponse, jsonRequest, problems } from '../http/documented-paths.ts';

const text = { type: 'string' };
const uuid = { type: 'string', format: 'uuid' };
const time = { type: 'string', format: 'date-time' };
const maybe = (schema: { readonly type: string }) => ({ ...schema, type: [schema.type, 'null'] });
const secret = { type: 'string', format: 'password' };
const texts = { type: 'array', items: text };
const object = (properties: Readonly<Record<string, unknown>>, required = Object.keys(properties)) => ({
  type: 'object',
  required,
  properties,
});
const id = { name: 'id', in: 'path', required: true, description: 'Its id.', schema: uuid };
const done = (description: string) => ({ 204: { description } });

const session = object({
  ...{ id: uuid, began_at: time, last_used_at: time, user_agent: maybe(text), address: maybe(text) },
  ...{ second_factor: { type: 'boolean' }, current: { type: 'boolean' } },
});
const key = object({
  ...{ id: uuid, name: text, user_id: uuid, roles: texts, created_by: uuid, created_at: time, expires_at: time },
  ...{ last_used_at: maybe(time), last_used_from: maybe(text), revoked_at: maybe(time) },
  prefix: { type: 'string', description: 'How the key begins.' },
});
const madeKey = object({ ...key.properties, key: { type: 'string', description: 'The key itself; it is told only here.' } });
const codes = object({ recovery_codes: { ...texts, description: 'Each works once. They are told only here.' } });
const code = { type: 'string', description: 'Of the authenticator app, or a recovery code.' };
const linkBody = jsonRequest(object({ token: { type: 'string', description: 'From the link.' }, password: secret }));
const linkUsed = dataResponse('The password is set; sign in with it.', object({ email: text }));
const invited = dataResponse(
  'The invitation is on its way.',
  object(
    {
      ...{ user_id: uuid, email: text, expires_at: time, sent: { type: 'boolean', description: 'By mail.' } },
      link: { type: 'string', description: 'Only where no mail server is set: to be handed over.' },
    },
    ['user_id', 'email', 'expires_at', 'sent'],
  ),
);

export const accountPaths: DocumentedPaths = {
  '/auth/sessions': {
    get: {
      operationId: 'auth_sessions',
      summary: 'Your sessions',
      responses: { 200: dataResponse('The one used last first.', { type: 'array', items: session }), ...problems(401, 403, 429) },
    },
  },
  '/auth/sessions/{id}': {
    delete: {
      operationId: 'auth_end_session',
      summary: 'End one of your sessions',
      parameters: [id],
      responses: { ...done('It has ended.'), ...problems(401, 403, 404, 429) },
    },
  },
  '/auth/logout-all': {
    post: {
      operationId: 'auth_logout_all',
      summary: 'End all of your sessions',
      responses: { ...done('They have ended, within five seconds on every node.'), ...problems(401, 403, 429) },
    },
  },
  '/auth/users/{id}/logout-all': {
    post: {
      operationId: 'auth_logout_all_of_user',
      summary: 'End all sessions of a user (right users.manage)',
      parameters: [id],
      responses: { ...done('They have ended.'), ...problems(401, 403, 404, 429) },
    },
  },
  '/auth/keys': {
    get: {
      operationId: 'auth_keys',
      summary: 'API keys',
      parameters: [
        { name: 'owner', in: 'query', description: 'Id of a user, or all (right users.manage); else your own.', schema: text },
      ],
      responses: {
        200: dataResponse('The newest first, at most a thousand.', { type: 'array', items: key }),
        ...problems(400, 401, 403, 429),
      },
    },
    post: {
      operationId: 'auth_create_key',
      summary: 'Make an API key (right apiKeys.create or users.manage)',
      description: 'Sent as `Authorization: Bearer fwk_…` or `X-API-Key`. It acts for its owner with these roles.',
      requestBody: jsonRequest(
        object(
          {
            name: text,
            roles: { ...texts, description: 'Names of roles that keys may have and you may grant.' },
            expires_at: { ...time, description: 'Within 366 days; in 90 days when absent.' },
            user_id: { ...uuid, description: 'Its owner, when another one (right users.manage).' },
          },
          ['name', 'roles'],
        ),
      ),
      responses: { 201: dataResponse('It is made.', madeKey), ...problems(400, 401, 403, 409, 413, 415, 422, 429) },
    },
  },
  '/auth/keys/{id}': {
    delete: {
      operationId: 'auth_revoke_key',
      summary: 'Revoke an API key',
      parameters: [id],
      responses: { ...done('It is revoked, within five seconds on every node.'), ...problems(401, 403, 404, 429) },
    },
  },
  '/auth/totp': {
    get: {
      operationId: 'auth_totp',
      summary: 'Your second factor',
      responses: {
        200: dataResponse(
          'Its state.',
          object({ enabled: { type: 'boolean' }, confirmed_at: maybe(time), recovery_codes_left: { type: 'integer' } }),
        ),
        ...problems(401, 403, 429),
      },
    },
    post: {
      operationId: 'auth_totp_enrol',
      summary: 'Begin to set up a second factor',
      responses: {
        201: dataResponse(
          'To be put into an authenticator app, then confirmed with a code.',
          object({
            secret: { type: 'string', description: 'Base 32' },
            uri: { type: 'string', description: '`otpauth://totp/…`' },
          }),
        ),
        ...problems(401, 403, 409, 429),
      },
    },
  },
  '/auth/totp/confirm': {
    post: {
      operationId: 'auth_totp_confirm',
      summary: 'Finish setting up a second factor',
      description: 'Ends all other sessions.',
      requestBody: jsonRequest(object({ code: text })),
      responses: { 200: dataResponse('It counts from now on.', codes), ...problems(400, 401, 403, 413, 415, 422, 429) },
    },
  },
  '/auth/totp/recovery-codes': {
    post: {
      operationId: 'auth_recovery_codes',
      summary: 'New recovery codes in the place of the old ones',
      requestBody: jsonRequest(object({ code })),
      responses: { 200: dataResponse('The new ones.', codes), ...problems(400, 401, 403, 413, 415, 422, 429) },
    },
  },
  '/auth/totp/disable': {
    post: {
      operationId: 'auth_totp_disable',
      summary: 'Do without a second factor',
      requestBody: jsonRequest(object({ password: { ...secret, description: 'Where the account has one.' }, code }, ['code'])),
      responses: { ...done('There is none any more.'), ...problems(400, 401, 403, 413, 415, 422, 429) },
    },
  },
  '/auth/users/{id}/totp': {
    delete: {
      operationId: 'auth_totp_reset',
      summary: "Take a user's second factor away (right users.manage)",
      description: 'For who has lost it. Ends all their sessions.',
      parameters: [id],
      responses: { ...done('There is none any more.'), ...problems(401, 403, 404, 429) },
    },
  },
  '/auth/password': {
    post: {
      operationId: 'auth_change_password',
      summary: 'Change your password',
      description: 'Ends all other sessions.',
      requestBody: jsonRequest(object({ current: secret, new: secret })),
      responses: { ...done('It is changed.'), ...problems(400, 401, 403, 409, 413, 415, 422, 429) },
    },
  },
  '/auth/password/forgot': {
    post: {
      operationId: 'auth_forgot_password',
      summary: 'Ask for a new password by mail',
      security: [],
      requestBody: jsonRequest(object({ email: { type: 'string', format: 'email' } })),
      responses: {
        202: { description: 'Whoever has an account under this address gets a mail; this answer does not tell.' },
        ...problems(400, 409, 413, 415, 422, 429),
      },
    },
  },
  '/auth/password/reset': {
    post: {
      operationId: 'auth_reset_password',
      summary: 'Set a new password by the link of a mail',
      description: 'Ends all sessions.',
      security: [],
      requestBody: linkBody,
      responses: { 200: linkUsed, ...problems(400, 403, 413, 415, 422, 429) },
    },
  },
  '/auth/invitations': {
    post: {
      operationId: 'auth_invite',
      summary: 'Invite somebody (right users.manage)',
      requestBody: jsonRequest(
        object(
          {
            ...{ email: { type: 'string', format: 'email' }, first_name: text, last_name: text },
            roles: { ...texts, description: 'Roles that you may grant.' },
            teams: { type: 'array', items: uuid },
            language: { type: 'string', description: 'Of the mail and of the pages.' },
          },
          ['email', 'first_name', 'last_name', 'roles'],
        ),
      ),
      responses: { 201: invited, ...problems(400, 401, 403, 409, 413, 415, 422, 429) },
    },
  },
  '/auth/users/{id}/invitation': {
    post: {
      operationId: 'auth_invite_again',
      summary: 'Send an invitation once more (right users.manage)',
      parameters: [id],
      responses: { 201: invited, ...problems(401, 403, 404, 409, 429) },
    },
  },
  '/auth/invitations/accept': {
    post: {
      operationId: 'auth_accept_invitation',
      summary: 'Accept an invitation with a password',
      security: [],
      requestBody: linkBody,
      responses: { 200: linkUsed, ...problems(400, 403, 413, 415, 422, 429) },
    },
  },
};
