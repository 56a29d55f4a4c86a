// Whom `team` means for a user: the people of their teams, and everybody below them in the tree of teams and managers.
import type { Knex } from 'knex';
import type { Entity, Registry } from '../metadata/registry.ts';
import type { Reach } from '../repository/actor.ts';
import { columnName } from '../repository/columns.ts';
import { sharesEntity } from '../repository/shares.ts';
import { quoted, run } from '../repository/statement.ts';

interface Row extends Record<string, unknown> {
  readonly teams: readonly string[];
  readonly users: readonly string[];
  readonly shared: readonly string[];
}

/**
 * Teams: those that the user is a member of; and those that they manage, or are more than a member of, with all teams
 * below. Users: themselves, the members of those teams, and whoever reports to them, directly or not. Inactive and deleted ones do not count.
 */
export async function reachOf(knex: Knex, registry: Registry, userId: string): Promise<Reach> {
  const { entities } = registry;
  const [users, teams, members, shares] = ['users', 'teams', 'team_members', sharesEntity].map((name) => entities.get(name));
  if (users === undefined || teams === undefined || members === undefined) return { users: [userId], teams: [], shared: [] };
  const [row] = await run<Row>(knex, { text: reachSql(users, teams, members, shares), values: [userId] });
  return row ?? { users: [userId], teams: [], shared: [] };
}

function reachSql(users: Entity, teams: Entity, members: Entity, shares: Entity | undefined): string {
  const active = (alias: string): string => `${alias}."deleted_at" IS NULL AND ${column(teams, 'active', alias)} IS NOT FALSE`;
  const membership = `m."deleted_at" IS NULL AND ${column(members, 'user_id', 'm')} = $1::uuid`;
  const memberTeam = column(members, 'team_id', 'm');
  const heads = `EXISTS (SELECT FROM ${members.qualifiedTable} m WHERE ${membership} AND ${memberTeam} = t."id" AND ${column(members, 'role', 'm')} <> 'member')`;
  return `WITH RECURSIVE led (id) AS (
      SELECT t."id" FROM ${teams.qualifiedTable} t WHERE ${active('t')} AND (${column(teams, 'manager_id', 't')} = $1::uuid OR ${heads})
      UNION SELECT t."id" FROM ${teams.qualifiedTable} t JOIN led ON ${column(teams, 'parent_id', 't')} = led.id WHERE ${active('t')}),
    mine (id) AS (
      SELECT id FROM led
      UNION SELECT t."id" FROM ${members.qualifiedTable} m JOIN ${teams.qualifiedTable} t ON t."id" = ${memberTeam} WHERE ${membership} AND ${active('t')}),
    below (id) AS (
      SELECT $1::uuid
      UNION SELECT u."id" FROM ${users.qualifiedTable} u JOIN below ON ${column(users, 'manager_id', 'u')} = below.id WHERE u."deleted_at" IS NULL)
    SELECT ARRAY(SELECT id FROM mine ORDER BY id)::text[] AS teams,
      ARRAY(SELECT id FROM below UNION SELECT ${column(members, 'user_id', 'm')} FROM ${members.qualifiedTable} m JOIN mine ON mine.id = ${memberTeam} WHERE m."deleted_at" IS NULL ORDER BY 1)::text[] AS users,
      ${shares === undefined ? "'{}'::text[]" : `ARRAY(${sharedSql(shares)})`} AS shared`;
}

/** What has run out counts, too: that is for each query to see. */
const sharedSql = (shares: Entity): string =>
  `SELECT DISTINCT ${column(shares, 'record_type', 's')} FROM ${shares.qualifiedTable} s WHERE s."deleted_at" IS NULL AND (${column(shares, 'user_id', 's')} = $1::uuid OR ${column(shares, 'team_id', 's')} IN (SELECT id FROM mine))`;

function column(entity: Entity, name: string, alias: string): string {
  const field = entity.fields.get(name);
  if (field === undefined) throw new Error(`The platform entity "${entity.name}" lacks the field "${name}"`);
  return `${alias}.${quoted(columnName(field))}`;
}
