// What goes by another name in one registry than in another: told by ids, for all who must understand both for a while.
import type { Transition } from './document.ts';
import type { Entity, Registry } from './registry.ts';

export interface Renamed extends Pick<Transition, 'entityNames' | 'memberNames'> {
  /** Plural names, before and after. */
  readonly entities: readonly { readonly from: string; readonly to: string }[];
}

/** Keys are the names in `from`, values those in `to`. */
export function renamedBetween(from: Registry, to: Registry): Renamed {
  const after = new Map([...to.entities.values()].map((entity) => [entity.id, entity]));
  const both = [...from.entities.values()].flatMap((old) => {
    const entity = after.get(old.id);
    return entity === undefined ? [] : [[old, entity] as const];
  });
  const members = both.map(([old, entity]) => [old.name, membersRenamed(old, entity)] as const);
  return {
    entities: both
      .filter(([old, entity]) => old.name !== entity.name)
      .map(([old, entity]) => ({ from: old.name, to: entity.name })),
    entityNames: Object.fromEntries(both.map(([old, entity]) => [old.name, otherNames(old, entity)] as const).filter(notEmpty)),
    memberNames: Object.fromEntries(members.filter(([, names]) => Object.keys(names).length > 0)),
  };
}

const notEmpty = ([, names]: readonly [string, readonly string[]]): boolean => names.length > 0;

const otherNames = (old: Entity, entity: Entity): readonly string[] =>
  [entity.name, entity.singular].filter((name) => name !== old.name && name !== old.singular);

function membersRenamed(old: Entity, entity: Entity): Readonly<Record<string, readonly string[]>> {
  const names: Record<string, readonly string[]> = {};
  const compare = (before: Iterable<readonly [string, string]>, now: ReadonlyMap<string, string>): void => {
    for (const [id, name] of before) {
      const other = now.get(id);
      if (other !== undefined && other !== name) names[name] = [other];
    }
  };
  compare(
    idsOf(old.fields.values(), (field) => field.meta.id),
    new Map(idsOf(entity.fields.values(), (field) => field.meta.id)),
  );
  compare(
    idsOf(old.relations.values(), (relation) => relation.id),
    new Map(idsOf(entity.relations.values(), (relation) => relation.id)),
  );
  return names;
}

const idsOf = <T extends { readonly name: string }>(
  members: Iterable<T>,
  id: (member: T) => string,
): (readonly [string, string])[] => [...members].map((member) => [id(member), member.name] as const);
