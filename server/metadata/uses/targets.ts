// Names → what they mean in a registry: the one place that knows where each kind of thing has its id.
import type { Entity, Field, Registry, Relation } from '../registry.ts';
import type { FieldMetadata } from '../types.ts';
import type { Target } from './reference.ts';

/** Something that a change is about, by the names that it has now. */
export type Named =
  | { readonly kind: 'entity' | 'optionSet' | 'role' | 'layout' | 'view' | 'dashboard' | 'workflow'; readonly name: string }
  /** Fields may be reference fields, relations may be inverses. */
  | { readonly kind: 'field' | 'relation'; readonly entity: string; readonly name: string }
  /** Of an option set, or of a field with options of its own. */
  | { readonly kind: 'option'; readonly optionSet: string; readonly name: string }
  | { readonly kind: 'option'; readonly entity: string; readonly field: string; readonly name: string };

export function namedTarget(registry: Registry, named: Named): Target | undefined {
  switch (named.kind) {
    case 'entity':
      return entityTarget(registry, named.name);
    case 'optionSet':
      return optionSetTarget(registry, named.name);
    case 'role':
      return roleTarget(registry, named.name);
    case 'option': {
      const holder =
        'optionSet' in named
          ? registry.optionSets.get(named.optionSet)
          : registry.entities.get(named.entity)?.fields.get(named.field)?.meta;
      return holder && { kind: 'option', id: holder.id, name: named.name };
    }
    case 'field':
    case 'relation': {
      const entity = registry.entities.get(named.entity);
      const field = named.kind === 'field' ? entity?.fields.get(named.name) : undefined;
      if (entity !== undefined && field !== undefined) return fieldTarget(entity, field);
      const relation = named.kind === 'relation' ? entity?.relations.get(named.name) : undefined;
      return entity && relation && relationTarget(entity, relation);
    }
    default: {
      const { kind, name } = named;
      const lists = {
        layout: registry.layouts,
        view: registry.views,
        dashboard: registry.dashboards,
        workflow: registry.workflows,
      };
      const found = lists[kind].find((item) => item.name === name);
      return found && { kind, id: found.id, name };
    }
  }
}

export function entityTarget(registry: Registry, name: unknown): Target | undefined {
  const entity = registry.entities.get(String(name));
  return entity && { kind: 'entity', id: entity.id, name: entity.name };
}

/** `amount_currency` is the field `amount` with something after it: the name of the target may be shorter than the field's. */
export function fieldTarget(entity: Entity, field: Field): Target {
  const base = Object.hasOwn(entity.meta.fields, field.name) || field.system ? undefined : impliedBy(entity, field.name);
  const { name, meta } = base ?? field;
  return { kind: 'field', id: meta.id, name, entity: entity.name };
}

function impliedBy(entity: Entity, name: string): Field | undefined {
  for (const base of Object.keys(entity.meta.fields)) {
    const field = name.startsWith(base) ? entity.fields.get(base) : undefined;
    if (field !== undefined && Object.hasOwn(field.type.implied?.(field.meta) ?? {}, name.slice(base.length))) return field;
  }
  return undefined;
}

export const relationTarget = (entity: Entity, relation: Relation): Target => ({
  kind: 'relation',
  id: relation.id,
  name: relation.name,
  entity: entity.name,
});

/** A role by its name, or by its id, which a rename leaves as it is. */
export function roleTarget(registry: Registry, name: unknown): Target | undefined {
  const role = registry.roles.get(String(name)) ?? [...registry.roles.values()].find(({ id }) => id === name);
  return role && { kind: 'role', id: role.id, name: role.name };
}

export function optionSetTarget(registry: Registry, name: unknown): Target | undefined {
  const set = registry.optionSets.get(String(name));
  return set && { kind: 'optionSet', id: set.id, name: set.name };
}

/** What a value of the field names: one of its options, or the role or entity that the option stands for. */
export function optionTarget(registry: Registry, { meta }: { readonly meta: FieldMetadata }, value: unknown): Target | undefined {
  if (typeof value !== 'string' || meta.options?.some((option) => option.value === value) !== true) return undefined;
  if (meta.optionsFrom === 'languages') return undefined;
  if (meta.optionsFrom === 'roles') return roleTarget(registry, value);
  // The type field of a relation to records of any kind has the entities as its options without saying so.
  if (meta.optionsFrom === 'entities' || isTypeField(registry, meta)) return entityTarget(registry, value);
  const set = meta.optionSet === undefined ? undefined : registry.optionSets.get(meta.optionSet);
  return { kind: 'option', id: set?.id ?? meta.id, name: value };
}

function isTypeField(registry: Registry, meta: FieldMetadata): boolean {
  const id = /^(.+)_type$/.exec(meta.id)?.[1];
  if (id === undefined) return false;
  return [...registry.entities.values()].some((entity) =>
    [...entity.relations.values()].some(
      (relation) =>
        relation.kind === 'belongsToAny' && relation.id === id && entity.fields.get(relation.typeField)?.meta.id === meta.id,
    ),
  );
}
