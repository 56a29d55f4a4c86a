// Which relations of other entities point at an entity: what a delete must restrict, cascade to or detach.
import { type Entity, perRegistry, type Registry } from '../metadata/registry.ts';
import type { ReferringRelation } from './references.ts';

export interface Incoming {
  /** The entity that refers. */
  readonly source: Entity;
  readonly relation: ReferringRelation;
}

/**
 * By name of the entity pointed at, inverses declared or not. Left out: who created and changed a record (history, not
 * a tie), and append-only entities, whose rows outlive what they tell of.
 */
export const incomingOf = perRegistry((registry): ReadonlyMap<string, readonly Incoming[]> => {
  const incoming = new Map<string, Incoming[]>([...registry.entities.keys()].map((name) => [name, []]));
  for (const source of registry.entities.values()) {
    if (source.partitioned) continue;
    for (const relation of source.relations.values()) {
      if (relation.kind === 'belongsTo' && source.fields.get(relation.field)?.system !== true)
        incoming.get(relation.target)?.push({ source, relation });
      if (relation.kind === 'belongsToAny')
        for (const target of relation.targets) incoming.get(target)?.push({ source, relation });
    }
  }
  return incoming;
});

/** The entities whose records a delete may take with it: what cascades from `entity`, and from that in turn. */
export function cascadesFrom(registry: Registry, entity: Entity): readonly Entity[] {
  const reached = new Set([entity]);
  for (const at of reached) {
    for (const { source, relation } of incomingOf(registry).get(at.name) ?? [])
      if (relation.onDelete === 'cascade') reached.add(source);
  }
  return [...reached];
}
