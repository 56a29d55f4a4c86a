// The rows of an entity that a reader may see: by their rights, and live, deleted or both.
import type { Entity } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import type { ListQuery } from '../query/ast.ts';
import type { Context } from './context.ts';
import { entityPredicate } from './row-rights.ts';
import type { Parameters } from './statement.ts';

/** Deleted records show only to those who may restore them. @throws problem `forbidden` for those who may restore none */
export function visibleRows(
  context: Context,
  entity: Entity,
  alias: string,
  deleted: ListQuery['deleted'],
  bound: Parameters,
): readonly string[] {
  const readable = entityPredicate(context, entity, alias, bound, 'read');
  const live = `${alias}."deleted_at" IS NULL`;
  if (deleted === 'live') return [readable, live];
  if (context.actor.access(entity.name, 'restore') === 'none')
    throw problem('forbidden', { detail: `You may not see deleted ${entity.name}.` });
  const restorable = entityPredicate(context, entity, alias, bound, 'restore');
  return [readable, deleted === 'only' ? `NOT (${live}) AND ${restorable}` : `(${live} OR ${restorable})`];
}
