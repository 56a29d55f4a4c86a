// Names that are understood beside the current ones: former names for their stated time, coming ones while a change is under way.
import type { Transition } from './document.ts';
import { frozenMap } from './freeze.ts';
import type { Alias, Entity, Registry } from './registry.ts';
import type { EntityMetadata, FormerName, MetadataSource } from './types.ts';

/** The current name; the given one when it is no alias, or no longer. */
export function currentName(aliases: ReadonlyMap<string, Alias>, name: string, now = Date.now()): string {
  const alias = aliases.get(name);
  return alias !== undefined && alias.until > now ? alias.name : name;
}

/** The entity of that plural name, or of another name that is understood. */
export const entityNamed = (registry: Pick<Registry, 'entities' | 'aliases'>, name: string): Entity | undefined =>
  registry.entities.get(name) ?? registry.entities.get(currentName(registry.aliases, name));

/** The current name of one of the entity's fields or relations; the given one when it is none of their other names. */
export const currentMember = (entity: Pick<Entity, 'fields' | 'relations' | 'aliases'>, name: string): string =>
  entity.aliases.size === 0 || entity.fields.has(name) || entity.relations.has(name) ? name : currentName(entity.aliases, name);

/** Names that were given up and are still answered under, each with the current one; coming names are only understood. */
export function formerNames(aliases: ReadonlyMap<string, Alias>, now = Date.now()): readonly (readonly [string, string])[] {
  if (aliases.size === 0) return [];
  return [...aliases]
    .filter(([, { until }]) => Number.isFinite(until) && until > now)
    .map(([former, { name }]) => [former, name] as const);
}

/** With the names of what the renamed members bring along: the currency of an amount, the reference field of a relation. */
export function withImplied(
  aliases: ReadonlyMap<string, Alias>,
  fields: Entity['fields'],
  relations: Entity['relations'],
): ReadonlyMap<string, Alias> {
  if (aliases.size === 0) return aliases;
  const all = new Map(aliases);
  for (const [other, { name, until }] of aliases) {
    const field = fields.get(name);
    const relation = relations.get(name);
    const suffixes =
      relation?.kind === 'belongsTo' && relation.field === `${name}_id`
        ? ['_id']
        : Object.keys(field?.type.implied?.(field.meta) ?? {});
    for (const suffix of suffixes)
      if (fields.has(`${name}${suffix}`) && !fields.has(`${other}${suffix}`) && !all.has(`${other}${suffix}`))
        all.set(`${other}${suffix}`, Object.freeze({ name: `${name}${suffix}`, until }));
  }
  return frozenMap(all);
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
    for (const { other, until } of others) {
      const known = aliases.get(other);
      // A former name that is about to come back goes on being answered.
      const answered = !Number.isFinite(until) && known?.name === name && known.until > Date.now();
      if (!taken.has(other) && !answered) aliases.set(other, Object.freeze({ name, until }));
    }
  }
  return frozenMap(aliases);
}
