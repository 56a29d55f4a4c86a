// Reads the accounts that may sign in, from the platform's users entity.
import type { Knex } from 'knex';
import type { Entity, Registry } from '../metadata/registry.ts';
import type { Reach } from '../repository/actor.ts';
import { quoted, run } from '../repository/statement.ts';
import { reachOf } from './reach.ts';

export const usersEntity = 'users';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly language: string | null;
  readonly active: boolean;
  readonly reach: Reach;
}

interface Row extends Record<string, unknown> {
  readonly id: string;
  readonly email: string;
  readonly display_name: string | null;
  readonly roles: readonly string[] | null;
  readonly language: string | null;
  readonly active: boolean | null;
  readonly password: string | null;
  readonly revoked: boolean;
}

/** The account of an e-mail address in any case, with its password hash; undefined when there is none. */
export async function userByEmail(
  knex: Knex,
  registry: Registry,
  email: string,
): Promise<{ readonly user: User; readonly password: string | null } | undefined> {
  const entity = entityOf(registry);
  const [row] = await run<Row>(knex, {
    text: `SELECT ${columns(entity)}, ${column(entity, 'password')} AS password FROM ${entity.qualifiedTable} WHERE ${column(entity, 'email')} = $1 AND "deleted_at" IS NULL`,
    values: [email.trim().toLowerCase()],
  });
  return row === undefined ? undefined : { user: await userOf(knex, registry, row), password: row.password };
}

/** The account as it is now; undefined when it is deleted or the session (a family of refresh tokens) was ended. */
export async function userOfSession(
  knex: Knex,
  registry: Registry,
  session: { readonly userId: string; readonly sessionId: string },
): Promise<User | undefined> {
  const entity = entityOf(registry);
  const { schema, prefix } = registry.app;
  const [row] = await run<Row>(knex, {
    text: `SELECT ${columns(entity)}, EXISTS (SELECT 1 FROM ${quoted(schema)}.${quoted(`${prefix}refresh_tokens`)} WHERE family_id = $2 AND revoked_at IS NOT NULL) AS revoked
      FROM ${entity.qualifiedTable} WHERE "id" = $1 AND "deleted_at" IS NULL`,
    values: [session.userId, session.sessionId],
  });
  return row === undefined || row.revoked ? undefined : userOf(knex, registry, row);
}

/** The live account of an id; undefined when it is deleted. */
export async function userById(knex: Knex, registry: Registry, id: string): Promise<User | undefined> {
  const entity = entityOf(registry);
  const [row] = await run<Row>(knex, {
    text: `SELECT ${columns(entity)} FROM ${entity.qualifiedTable} WHERE "id" = $1 AND "deleted_at" IS NULL`,
    values: [id],
  });
  return row === undefined ? undefined : userOf(knex, registry, row);
}

/** The oldest active account that has the role; undefined when there is none. */
export async function userWithRole(knex: Knex, registry: Registry, role: string): Promise<User | undefined> {
  const entity = entityOf(registry);
  const [row] = await run<Row>(knex, {
    text: `SELECT ${columns(entity)} FROM ${entity.qualifiedTable}
      WHERE $1 = ANY(${column(entity, 'roles')}) AND ${column(entity, 'active')} AND "deleted_at" IS NULL ORDER BY "created_at", "id" LIMIT 1`,
    values: [role],
  });
  return row === undefined ? undefined : userOf(knex, registry, row);
}

/** Notes the sign-in; not a change of the record: no version, no audit row. */
export async function noteLogin(knex: Knex, registry: Registry, id: string): Promise<void> {
  const entity = entityOf(registry);
  if (!entity.fields.has('last_login_at')) return;
  await run(knex, { text: `UPDATE ${entity.qualifiedTable} SET "last_login_at" = now() WHERE "id" = $1`, values: [id] });
}

export function entityOf(registry: Registry): Entity {
  const entity = registry.entities.get(usersEntity);
  if (entity === undefined) throw new Error('The platform entity "users" is missing from the registry');
  return entity;
}

const columns = (entity: Entity): string =>
  `"id", "display_name", ${['email', 'roles', 'language', 'active'].map((name) => `${column(entity, name)} AS ${quoted(name)}`).join(', ')}`;

function column(entity: Entity, field: string): string {
  const name = entity.fields.get(field)?.columns[0]?.name;
  if (name === undefined) throw new Error(`The platform entity "users" lacks the field "${field}"`);
  return quoted(name);
}

const userOf = async (knex: Knex, registry: Registry, row: Row): Promise<User> => ({
  id: row.id,
  email: row.email,
  name: row.display_name ?? row.email,
  roles: row.roles ?? [],
  language: row.language,
  active: row.active === true,
  reach: await reachOf(knex, registry, row.id),
});
