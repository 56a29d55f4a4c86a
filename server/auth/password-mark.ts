// A digest of the password's hash: by it sessions and links know that the password has become another one, whoever changed it.
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Entity, Registry } from '../metadata/registry.ts';
import { quoted, run } from '../repository/statement.ts';
import { entityOf } from './users.ts';

/** @param hash as stored; null for an account that has no password */
export const markOf = (hash: string | null): string =>
  createHash('sha256')
    .update(hash ?? '')
    .digest('hex')
    .slice(0, 32);

/** The same in SQL. @param userId an expression, qualified where it is a column */
export function passwordMark(registry: Registry, userId: string): string {
  const entity = entityOf(registry);
  const mark = `left(encode(sha256(convert_to(coalesce(u.${passwordColumn(entity)}, ''), 'UTF8')), 'hex'), 32)`;
  return `(SELECT ${mark} FROM ${entity.qualifiedTable} u WHERE u."id" = ${userId})`;
}

/** The password's hash; null without one, undefined for an account that is not there or is deleted. */
export async function passwordOf(
  database: Knex | Knex.Transaction,
  registry: Registry,
  userId: string,
): Promise<string | null | undefined> {
  const entity = entityOf(registry);
  const [row] = await run<{ password: string | null }>(database, {
    text: `SELECT ${passwordColumn(entity)} AS password FROM ${entity.qualifiedTable} WHERE "id" = $1 AND "deleted_at" IS NULL`,
    values: [userId],
  });
  return row === undefined ? undefined : row.password;
}

function passwordColumn(entity: Entity): string {
  const name = entity.fields.get('password')?.columns[0]?.name;
  if (name === undefined) throw new Error('The platform entity "users" lacks the field "password"');
  return quoted(name);
}
