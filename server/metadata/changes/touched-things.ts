// What the changes are about, noted by ids and told by the names that it had before them, as the impact takes it.
import type { Entity, Registry } from '../registry.ts';
import type { Touched } from '../uses/impact.ts';
import type { Named } from '../uses/targets.ts';
import type { Work } from './work.ts';

type Kind = Named['kind'];

export interface TouchedThing {
  readonly action: Touched['action'];
  readonly kind: Kind;
  readonly id: string;
  /** Id of the entity of a field or relation, or of an option of a field. */
  readonly entityId?: string;
  /** Of an option. */
  readonly value?: string;
}

export function touch(work: Work, thing: Omit<TouchedThing, 'id'> & { readonly id: unknown }): void {
  if (typeof thing.id === 'string') work.touched.push({ ...thing, id: thing.id });
}

/** Each once. What was not there before is told as added, by the name that it has got. */
export function touchedThings(touched: readonly TouchedThing[], base: Registry, next: Registry): readonly Touched[] {
  const told = touched.flatMap((thing): readonly Touched[] => {
    const before = namedIn(base, thing);
    if (before !== undefined) return [{ ...before, action: thing.action === 'added' ? 'changed' : thing.action }];
    const after = thing.action === 'added' ? namedIn(next, thing) : undefined;
    return after === undefined ? [] : [{ ...after, action: 'added' }];
  });
  return [...new Map(told.map((one) => [JSON.stringify(one), one])).values()];
}

function namedIn(registry: Registry, { kind, id, entityId, value = '' }: TouchedThing): Named | undefined {
  const entityOf = (wanted: string | undefined): Entity | undefined =>
    [...registry.entities.values()].find((entity) => entity.id === wanted);
  const by = (items: Iterable<{ readonly id: string; readonly name: string }>): string | undefined =>
    [...items].find((item) => item.id === id)?.name;
  if (kind === 'field' || kind === 'relation') return memberIn(entityOf(entityId), kind, id);
  if (kind === 'option') {
    const optionSet = by(registry.optionSets.values());
    if (optionSet !== undefined) return { kind, optionSet, name: value };
    const field = memberIn(entityOf(entityId), 'field', id);
    return field === undefined ? undefined : { kind, entity: field.entity, field: field.name, name: value };
  }
  const lists: Readonly<
    Record<Exclude<Kind, 'field' | 'relation' | 'option'>, Iterable<{ readonly id: string; readonly name: string }>>
  > = {
    entity: registry.entities.values(),
    optionSet: registry.optionSets.values(),
    role: registry.roles.values(),
    layout: registry.layouts,
    view: registry.views,
    dashboard: registry.dashboards,
    workflow: registry.workflows,
  };
  const name = by(lists[kind]);
  return name === undefined ? undefined : { kind, name };
}

function memberIn(
  entity: Entity | undefined,
  kind: 'field' | 'relation',
  id: string,
): { readonly kind: 'field' | 'relation'; readonly entity: string; readonly name: string } | undefined {
  if (entity === undefined) return undefined;
  const found =
    kind === 'field'
      ? [...entity.fields.values()].find(({ meta }) => meta.id === id)
      : [...entity.relations.values()].find((relation) => relation.id === id);
  return found && { kind, entity: entity.name, name: found.name };
}
