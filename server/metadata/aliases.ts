// Names that are understood beside the current ones: former names for their stated time, coming ones while a change is under way.
import type { Transition } from './document.ts';
import { frozenMap } from './freeze.ts';
import type { Alias } from './registry.ts';
import type { EntityMetadata, FormerName, MetadataSource } from './types.ts';

/** The current name; the given one when it is no alias, or no longer. */
export function currentName(aliases: ReadonlyMap<string, Alias>, name: string, now = Date.now()): string {
  const alias = aliases.get(name);
  return alias !== undefined && alias.until > now ? alias.name : name;
}

/** Other names of entities → plural. A name that an entity has now is no alias. */
export function entityAliases(source: MetadataSource, transition: Transition): ReadonlyMap<string, Alias> {
  const taken = new Set(source.entities.flatMap((entity) => [entity.plural, entity.singular]));
  return collect(
    taken,
    source.entities.map((entity) => [entity.plural, entity.formerNames ?? [], transition.entityNames[entity.plural] ?? []]),
  );
}

/** Other names of the entity's fields and relations → the current name. */
export function memberAliases(entity: EntityMetadata, transition: Transition): ReadonlyMap<string, Alias> {
  const coming = transition.memberNames[entity.plural] ?? {};
  const relations = Object.entries(entity.relations ?? {});
  const taken = new Set([
    ...Object.keys(entity.fields),
    ...relations.flatMap(([name, relation]) =>
      relation.kind === 'belongsTo'
        ? [name, relation.field]
        : relation.kind === 'belongsToAny'
          ? [name, relation.idField]
          : [name],
    ),
  ]);
  const members = [...Object.entries(entity.fields), ...relations].map(
    ([name, { formerNames = [] }]) => [name, formerNames, []] as const,
  );
  return collect(taken, [...members, ...Object.entries(coming).map(([name, names]) => [name, [], names] as const)]);
}

function collect(
  taken: ReadonlySet<string>,
  named: readonly (readonly [name: string, former: readonly FormerName[], coming: readonly string[]])[],
): ReadonlyMap<string, Alias> {
  const aliases = new Map<string, Alias>();
  for (const [name, former, coming] of named) {
    const others = [
      ...former.map((one) => ({ other: one.name, until: Date.parse(one.until) })),
      ...coming.map((other) => ({ other, until: Number.POSITIVE_INFINITY })),
    ];
    for (const { other, until } of others) if (!taken.has(other)) aliases.set(other, Object.freeze({ name, until }));
  }
  return frozenMap(aliases);
}
