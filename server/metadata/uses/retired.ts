// What goes when something is retired: the thing itself with its members, and what stops making sense without it.
import type { Entity, Registry } from '../registry.ts';
import { keyOf, type Owner, type Reference, type Target } from './reference.ts';
import { referencesOf, referencesTo } from './references.ts';
import { fieldTarget, type Named, namedTarget, relationTarget } from './targets.ts';

/** The keys of the retired things and of everything that they bring. */
export function retiredKeys(registry: Registry, retired: readonly Named[]): ReadonlySet<string> {
  const keys = new Set<string>();
  const add = (target: Target): void => {
    keys.add(keyOf(target));
    const options = (id: string, values: readonly { readonly value: string }[] = []): void => {
      for (const { value } of values) keys.add(keyOf({ kind: 'option', id, name: value }));
    };
    if (target.kind === 'optionSet') options(target.id, registry.optionSets.get(target.name)?.options);
    const entity = registry.entities.get((target.kind === 'entity' ? target.name : target.entity) ?? '');
    if (target.kind === 'field') options(target.id, entity?.meta.fields[target.name]?.options);
    if (target.kind === 'relation' && entity !== undefined)
      for (const brought of broughtBy(registry, entity, target.name)) add(brought);
    if (target.kind === 'entity' && entity !== undefined) {
      for (const field of entity.fields.values()) if (!field.system) add(fieldTarget(entity, field));
      for (const name of Object.keys(entity.meta.relations ?? {})) {
        const relation = entity.relations.get(name);
        if (relation !== undefined) add(relationTarget(entity, relation));
      }
    }
  };
  for (const named of retired) {
    const target = namedTarget(registry, named);
    if (target !== undefined) add(target);
  }
  return keys;
}

/** The reference fields of a declared relation and the inverse that its targets have of it. */
function* broughtBy(registry: Registry, entity: Entity, name: string): Generator<Target> {
  const meta = entity.meta.relations?.[name];
  if (meta === undefined) return;
  const names = meta.kind === 'belongsTo' ? [meta.field] : meta.kind === 'belongsToAny' ? [meta.typeField, meta.idField] : [];
  for (const field of names.map((own) => entity.fields.get(own))) if (field !== undefined) yield fieldTarget(entity, field);
  for (const target of registry.entities.values()) {
    const inverse = target.relations.get(meta.inverse ?? '');
    if (inverse?.id === `${meta.id}_inverse`) yield relationTarget(target, inverse);
  }
}

/** Every place outside of the retired things that names one of them or a part of one; none: nothing breaks. */
export function brokenBy(registry: Registry, retired: readonly Named[]): readonly Reference[] {
  const keys = retiredKeys(registry, retired);
  const gone = retiredPlaces(registry, retired);
  return referencesOf(registry).filter(
    ({ target, declares, owner, pointer }) =>
      declares !== true &&
      keys.has(keyOf(target)) &&
      !gone.some((place) => sameOwner(place.owner, owner) && under(pointer, place.pointer)),
  );
}

interface OwnedPlace {
  readonly owner: Owner;
  readonly pointer: string;
}

export const sameOwner = (one: Owner, other: Owner): boolean => one.kind === other.kind && one.id === other.id;
export const under = (pointer: string, place: string): boolean =>
  pointer === place || place === '' || pointer.startsWith(`${place}/`);

/** Where the retired things themselves stand: a whole object, a field, a relation, an option. */
const retiredPlaces = (registry: Registry, retired: readonly Named[]): readonly OwnedPlace[] =>
  retired.flatMap((named) => {
    const target = namedTarget(registry, named);
    const declaring = target === undefined ? [] : referencesTo(registry, target).filter(({ declares }) => declares === true);
    return declaring.map(({ owner, pointer }) => {
      if (named.kind === 'option') return { owner, pointer: pointer.slice(0, pointer.lastIndexOf('/')) };
      return { owner, pointer: named.kind === 'field' || named.kind === 'relation' ? pointer : '' };
    });
  });
