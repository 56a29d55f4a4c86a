// Records shared with a user or a team, each by a row of the platform's shares.
import type { Knex } from 'knex';
import { entityNamed } from '../metadata/aliases.ts';
import type { Entity } from '../metadata/registry.ts';
import type { Right } from '../metadata/types.ts';
import type { Actor } from './actor.ts';
import type { Context } from './context.ts';
import { type Parameters, parameters, quoted, run } from './statement.ts';
import { namesEntity } from './stored-names.ts';

export const sharesEntity = 'shares';

/** A share for reading opens a record, one for writing also lets it be changed; nothing else is shared. */
const opened: Readonly<Partial<Record<Right, readonly string[]>>> = {
  read: ['read', 'write'],
  export: ['read', 'write'],
  update: ['write'],
};

/**
 * The rows that are shared with the actor; undefined where nothing can be. The ids are found first, so that the owner's
 * index and the primary key can serve the whole predicate.
 */
export function shared(context: Context, entity: Entity, alias: string, bound: Parameters, right: Right): string | undefined {
  const applied = sharesFor(context, entity, bound, right);
  if (applied === undefined) return undefined;
  const { column, from, where } = applied;
  return `${alias}."id" = ANY(ARRAY(SELECT ${column('record_id')} FROM ${from} WHERE ${where}))`;
}

/** The shares of records of the entity that are the actor's, as parts of a statement; they stand under `s`. */
function sharesFor(context: Context, entity: Entity, bound: Parameters, right: Right) {
  const shares = context.registry.entities.get(sharesEntity);
  const levels = opened[right];
  const { id, reach } = context.actor;
  if (shares === undefined || levels === undefined || !canBeShared(entity)) return undefined;
  if (reach.shared?.every((name) => entityNamed(context.registry, name)?.name !== entity.name) === true) return undefined;
  const column = (name: string): string => `s.${quoted(shares.fields.get(name)?.columns[0]?.name ?? name)}`;
  const mine = [`${column('user_id')} = ${bound.bind(id)}::uuid`];
  if (reach.teams.length > 0) mine.push(`${column('team_id')} = ANY(${bound.bind(reach.teams)}::uuid[])`);
  const where = [
    namesEntity(context.registry, column('record_type'), entity.name),
    's."deleted_at" IS NULL',
    `(${column('expires_at')} IS NULL OR ${column('expires_at')} > now())`,
    `${column('access')} = ANY(${bound.bind(levels)}::text[])`,
    `(${mine.join(' OR ')})`,
  ].join(' AND ');
  return { column, from: `${shares.qualifiedTable} s`, where };
}

/**
 * The context in which a right to a record of `entity` is judged. What is shared with somebody is not theirs to share: a share
 * would justify itself, one that ends could be made to last, and whoever gave it would not know who has it.
 */
export const beforeShares = (context: Context, entity: Entity, right: Right): Context =>
  entity.name !== sharesEntity || right === 'read' || right === 'export'
    ? context
    : { ...context, actor: unshared(context.actor) };

const unshared = (actor: Actor): Actor => ({ ...actor, reach: { ...actor.reach, shared: [] } });

/** Records that belong to others go with those, and what tells of records is not shared by itself. */
export const canBeShared = (entity: Entity): boolean =>
  !entity.partitioned && entity.name !== sharesEntity && entity.meta.ownership?.through === undefined;

export interface AppliedShare {
  readonly share: string;
  readonly access: string;
  readonly user_id: string | null;
  readonly team_id: string | null;
  readonly expires_at: string | null;
}

/** The shares that open this record to the actor. */
export async function appliedShares(
  database: Knex,
  context: Context,
  entity: Entity,
  id: string,
  right: Right,
): Promise<readonly AppliedShare[]> {
  const bound = parameters();
  const applied = sharesFor(context, entity, bound, right);
  if (applied === undefined) return [];
  const { column, from, where } = applied;
  const columns = ['access', 'user_id', 'team_id', 'expires_at'].map((name) => `${column(name)} AS ${quoted(name)}`);
  return run<AppliedShare & Record<string, unknown>>(database, {
    text: `SELECT s."id" AS share, ${columns.join(', ')} FROM ${from} WHERE ${where} AND ${column('record_id')} = ${bound.bind(id)}::uuid ORDER BY s."id"`,
    values: bound.values,
  });
}
