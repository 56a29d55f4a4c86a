// Rights as conditions: what an actor may do with which rows of an entity, before any SQL is written.
import type { Condition } from '../conditions/tree.ts';
import { entityNamed } from '../metadata/aliases.ts';
import type { Entity, Registry } from '../metadata/registry.ts';
import type { Operation } from '../metadata/types.ts';
import { problem } from '../problem.ts';
import type { Context } from './context.ts';

/** The entity by its plural name, or by another one that is understood; not_found for one that does not exist or that the actor may not even read. */
export function entityFor(context: Context, name: string): Entity {
  const entity = entityNamed(context.registry, name);
  if (entity === undefined || context.actor.access(entity.name, 'read') === 'none') {
    throw problem('not_found', { detail: `There is no "${name}".` });
  }
  return entity;
}

/** Refuses what the entity does not offer or the actor may not do at all. */
export function requireOperation(context: Context, entity: Entity, operation: Operation): void {
  const system = context.source === 'system';
  if (!system && !entity.operations.has(operation)) {
    throw problem('method_not_allowed', { detail: `${entity.name} does not offer "${operation}".` });
  }
  if (context.actor.access(entity.name, operation) === 'none') {
    throw problem('forbidden', { detail: `You may not ${operation} ${entity.name}.` });
  }
}

/**
 * The rows on which the actor may do `operation`: undefined for all of them, a condition otherwise.
 * `team` grants no more than `own` until team membership is part of the actor.
 */
export function rowCondition(context: Context, entity: Entity, operation: Operation): Condition | undefined {
  const level = context.actor.access(entity.name, operation);
  if (level === 'all') return undefined;
  const owner = entity.meta.ownership?.owner ?? 'created_by';
  return level === 'none'
    ? { fact: 'id', operator: 'isEmpty', value: true }
    : { fact: owner, operator: 'equal', value: context.actor.id };
}

/** Entities whose records the actor may read. */
export function readableEntities(context: Context): readonly Entity[] {
  return entitiesWith(context.registry, (entity) => context.actor.access(entity.name, 'read') !== 'none');
}

const entitiesWith = (registry: Registry, test: (entity: Entity) => boolean): readonly Entity[] =>
  [...registry.entities.values()].filter(test);
