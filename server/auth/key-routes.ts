// POST and GET /auth/keys, DELETE /auth/keys/{id}: API keys, the own ones and, for those who manage users, everybody's.
import type Router from '@koa/router';
import { isStorable } from '../conditions/values.ts';
import { resource } from '../http/resource.ts';
import { problem } from '../problem.ts';
import { actorOf } from './actor-of.ts';
import type { ApiKey } from './api-keys.ts';
import { type Asker, askerOf, type Ctx, isUuid, managesUsers, requireManager, uuidIn } from './asker.ts';
import { readGiven, wrong } from './given.ts';
import { mayGrant } from './granting.ts';
import type { SignInState } from './identify.ts';
import { isForKeys } from './key-callers.ts';
import type { RouteParts } from './route-parts.ts';
import { answerData } from './token-answer.ts';
import { traced } from './trace.ts';
import { userById } from './users.ts';

/** The right to have keys of one's own made; who manages users has it as well. */
const ownKeys = 'apiKeys.create';
const dayMs = 24 * 60 * 60 * 1000;
const defaultDays = 90;
const longestDays = 366;
const longestName = 100;
/** Live keys of one owner. */
const mostKeys = 50;

export function keyRoutes(router: Router<SignInState>, { services, repository, keys, keyCallers }: RouteParts): void {
  const { knex } = services;

  resource(router, '/keys', {
    post: async (ctx) => {
      const asker = askerOf(ctx, services);
      const { actor } = asker.context;
      if (!managesUsers(actor) && actor.system(ownKeys) !== true)
        throw problem('forbidden', { detail: `This needs the right ${ownKeys}.` });
      const given = await readGiven(ctx, {
        name: { kind: 'text', required: true },
        roles: { kind: 'texts', required: true },
        expires_at: { kind: 'text' },
        user_id: { kind: 'text' },
      });
      const name = nameIn(given.name);
      const expiresAt = endIn(given.expires_at);
      const userId = await ownerIn(asker, given.user_id);
      const roles = await rolesIn(asker, userId, given.roles);
      if ((await keys.list(userId)).filter(isLive).length >= mostKeys)
        throw problem('conflict', { detail: `There are ${mostKeys} keys already; revoke one first.` });
      const trace = { userId, name: 'api_key', before: null, after: `${name} (${roles.join(', ')})` } as const;
      const { id, plain } = await traced(repository, asker.context, trace, (transaction) =>
        keys.create({ name, userId, roles, createdBy: actor.id, expiresAt }, transaction),
      );
      const made = await keys.find(id);
      ctx.set('Location', `${asker.registry.app.basePath}/auth/keys/${id}`);
      answerData(ctx, { ...(made === undefined ? {} : told(made)), key: plain }, 201);
    },
    get: async (ctx) => {
      const asker = askerOf(ctx, services);
      const owner = ownerAsked(ctx, asker);
      answerData(ctx, (await keys.list(owner)).map(told));
    },
  });

  resource(router, '/keys/:id', {
    delete: async (ctx) => {
      const asker = askerOf(ctx, services);
      const id = uuidIn(ctx, 'id');
      const key = id === undefined ? undefined : await keys.find(id);
      // Somebody else's key is not there for those who may not see it.
      if (key === undefined || (key.user_id !== asker.user.id && !managesUsers(asker.context.actor)))
        throw problem('not_found', { detail: 'There is no such key.' });
      if (key.revoked_at === null) {
        const trace = {
          userId: key.user_id,
          name: 'api_key',
          before: `${key.name} (${key.roles.join(', ')})`,
          after: null,
        } as const;
        await traced(repository, asker.context, trace, (transaction) => keys.revoke(key.id, asker.user.id, transaction));
      }
      keyCallers.forget(key.id);
      ctx.status = 204;
    },
  });

  async function ownerIn(asker: Asker, given: string | undefined): Promise<string> {
    if (given === undefined || given.toLowerCase() === asker.user.id) return asker.user.id;
    requireManager(asker);
    const owner = isUuid(given) ? await userById(knex, asker.registry, given.toLowerCase()) : undefined;
    if (owner?.active !== true) throw wrong('user_id', 'reference', 'There is no active user with this id.');
    return owner.id;
  }

  /** Nobody gives away what they lack, and a key would not do what its owner may not give it. */
  async function rolesIn({ registry, context }: Asker, userId: string, roles: readonly string[]): Promise<readonly string[]> {
    if (roles.length === 0) throw wrong('roles', 'required', 'A key needs a role.');
    const errors = (which: (role: string) => boolean, code: string, detail: string) =>
      roles.flatMap((role, at) => (which(role) ? [{ pointer: `/roles/${at}`, code, detail }] : []));
    const unfit = errors((role) => !isForKeys(registry, role), 'option', 'This is no role that a key may have.');
    if (unfit.length > 0) throw problem('validation_failed', { errors: unfit });
    const beyond = mayGrant(registry, context.actor, roles);
    if (beyond.length > 0)
      throw problem('forbidden', {
        errors: errors((role) => beyond.includes(role), 'not_grantable', 'You may not grant this role.'),
      });
    const owner = userId === context.actor.id ? undefined : await userById(knex, registry, userId);
    const lacking = owner === undefined ? [] : mayGrant(registry, actorOf(owner, registry), roles);
    const useless = errors((role) => lacking.includes(role), 'not_grantable', 'The owner may not grant this role.');
    if (useless.length > 0) throw problem('validation_failed', { errors: useless });
    return [...new Set(roles)];
  }
}

/** `?owner=`: absent the own ones, `all`, or the id of a user. */
function ownerAsked(ctx: Ctx, asker: Asker): string | undefined {
  const { owner, ...others } = ctx.query;
  const unknown = Object.keys(others)[0];
  const refuse = (code: 'unknown_parameter' | 'invalid_query', name: string, detail: string) =>
    problem(code, { errors: [{ pointer: `?${name}`, code, detail }] });
  if (unknown !== undefined) throw refuse('unknown_parameter', unknown, 'Only owner is taken here.');
  if (owner === undefined || owner === asker.user.id) return asker.user.id;
  if (typeof owner !== 'string' || (owner !== 'all' && !isUuid(owner)))
    throw refuse('invalid_query', 'owner', 'The id of a user, or all.');
  requireManager(asker);
  return owner === 'all' ? undefined : owner;
}

function nameIn(text: string): string {
  const name = text.trim();
  if (name !== '' && name.length <= longestName && isStorable(name)) return name;
  throw wrong('name', 'length', `A text of 1 to ${longestName} characters is needed.`);
}

/** RFC 3339, with the offset that makes it one moment. */
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/i;

function endIn(text: string | undefined): Date {
  if (text === undefined) return new Date(Date.now() + defaultDays * dayMs);
  const at = moment.test(text) ? Date.parse(text) : Number.NaN;
  if (at > Date.now() && at <= Date.now() + longestDays * dayMs) return new Date(at);
  throw wrong('expires_at', 'range', `A time to come, within ${longestDays} days, such as 2030-01-31T12:00:00Z.`);
}

const isLive = (key: ApiKey): boolean => key.revoked_at === null && Date.parse(key.expires_at) > Date.now();

/** What of a key is told: its beginning, by which people recognise it, and never its secret. */
const told = (key: ApiKey) => ({ ...key, prefix: `fwk_${key.id.replaceAll('-', '')}` });
