// What an actor may do with an entity at all; on which of its rows, row-rights.ts says.
import { entityNamed } from '../metadata/aliases.ts';
import type { Entity, Registry } from '../metadata/registry.ts';
import type { Operation } from '../metadata/types.ts';
import { problem } from '../problem.ts';
import type { Context, RequestState } from './context.ts';

/** The registry without what is closed to the actor. */
export const seenBy = ({ actor, registry }: Context): Registry => actor.sees(registry);

/** The entity by its plural name, or by another one that is understood; not_found for one that does not exist or that the actor may not even read. */
export function entityFor(context: Context, name: string): Entity {
  const seen = seenEntity(context, name);
  return context.registry.entities.get(seen.name) ?? seen;
}

/** The same, without the fields and relations that are closed to the actor: for whatever they name and are shown. */
export function seenEntity(context: Context, name: string): Entity {
  const entity = entityNamed(seenBy(context), name);
  if (entity === undefined) throw problem('not_found', { detail: `There is no "${name}".` });
  return entity;
}

/** Refuses what the entity does not offer or the actor may not do at all. */
export function requireOperation(context: Context, entity: Entity, operation: Operation): void {
  const system = context.source === 'system';
  const { operations } = seenBy(context).entities.get(entity.name) ?? entity;
  if (!system && !operations.has(operation)) {
    throw problem('method_not_allowed', { detail: `${entity.name} does not offer "${operation}".` });
  }
  if (context.actor.access(entity.name, operation) === 'none') {
    throw problem('forbidden', { detail: `You may not ${operation} ${entity.name}.` });
  }
}

/** Entities whose records the actor may read, as they see them. */
export const readableEntities = (context: Context): readonly Entity[] => [...seenBy(context).entities.values()];

/** Whether a feature is on for who asks; a route of one that is off answers as if there were no such route. */
export const whileOn =
  (feature: string) =>
  ({ state }: { readonly state: RequestState }): boolean =>
    state.context.actor.isOn(feature);
