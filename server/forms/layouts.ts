// Which layouts of an entity an actor gets: those for their roles, the weightiest first.
import type { Entity, Registry } from '../metadata/registry.ts';
import type { LayoutMetadata } from '../metadata/types.ts';
import type { Actor } from '../repository/actor.ts';

export function layoutsFor(registry: Registry, entity: Entity, actor: Actor): readonly LayoutMetadata[] {
  const applies = ({ appliesTo }: LayoutMetadata): boolean =>
    appliesTo?.roles === undefined || appliesTo.roles.some((role) => actor.roles.includes(role));
  return registry.layouts
    .filter((layout) => layout.entity === entity.name && applies(layout))
    .toSorted((left, right) => (right.priority ?? 0) - (left.priority ?? 0));
}
