// Records shared with a user or a team, each by a row of the platform's shares.
import type { Entity } from '../metadata/registry.ts';
import type { Right } from '../metadata/types.ts';
import type { Context } from './context.ts';
import { type Parameters, quoted } from './statement.ts';
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
  const shares = context.registry.entities.get(sharesEntity);
  const levels = opened[right];
  if (shares === undefined || levels === undefined || !canBeShared(entity)) return undefined;
  const { id, reach } = context.actor;
  const column = (name: string): string => `s.${quoted(shares.fields.get(name)?.columns[0]?.name ?? name)}`;
  const mine = [`${column('user_id')} = ${bound.bind(id)}::uuid`];
  if (reach.teams.length > 0) mine.push(`${column('team_id')} = ANY(${bound.bind(reach.teams)}::uuid[])`);
  const conditions = [
    namesEntity(context.registry, column('record_type'), entity.name),
    's."deleted_at" IS NULL',
    `(${column('expires_at')} IS NULL OR ${column('expires_at')} > now())`,
    `${column('access')} = ANY(${bound.bind(levels)}::text[])`,
    `(${mine.join(' OR ')})`,
  ];
  return `${alias}."id" = ANY(ARRAY(SELECT ${column('record_id')} FROM ${shares.qualifiedTable} s WHERE ${conditions.join(' AND ')}))`;
}

/** Records that belong to others go with those, and what tells of records is not shared by itself. */
export const canBeShared = (entity: Entity): boolean =>
  !entity.partitioned && entity.name !== sharesEntity && entity.meta.ownership?.through === undefined;
