// The catalogue of what names something: one entry per kind of metadata. A new kind of use goes into the entry of its kind.
import { pointerOf } from '../pointer.ts';
import type { Registry } from '../registry.ts';
import type { MetadataSource, OptionSetMetadata, RoleMetadata } from '../types.ts';
import { conditionUses } from './in-conditions.ts';
import { entityUses } from './in-entities.ts';
import { importUses } from './in-imports.ts';
import { appUses, dashboardUses, layoutUses, viewUses } from './in-screens.ts';
import { workflowUses } from './in-workflows.ts';
import { asKey, declared, nameUse, type Owner, type Use } from './reference.ts';
import { entityTarget, fieldTarget, optionSetTarget, roleTarget } from './targets.ts';

export interface OwnedUses {
  readonly owner: Owner;
  readonly uses: Iterable<Use>;
}

interface UsesOf<Kind extends keyof MetadataSource> {
  /** The objects of the kind, as the registry keeps them. */
  readonly objects: (registry: Registry) => Iterable<Item<Kind>>;
  readonly uses: (registry: Registry, object: Item<Kind>) => Iterable<Use>;
}
type Item<Kind extends keyof MetadataSource> = MetadataSource[Kind] extends readonly (infer One)[] ? One : MetadataSource[Kind];

const catalogue: { readonly [Kind in keyof MetadataSource]: UsesOf<Kind> } = {
  app: { objects: ({ app }) => [app], uses: appUses },
  optionSets: { objects: ({ optionSets }) => optionSets.values(), uses: optionSetUses },
  entities: { objects: ({ entities }) => [...entities.values()].map(({ meta }) => meta), uses: entityUses },
  roles: { objects: ({ roles }) => roles.values(), uses: roleUses },
  layouts: { objects: ({ layouts }) => layouts, uses: layoutUses },
  views: { objects: ({ views }) => views, uses: viewUses },
  dashboards: { objects: ({ dashboards }) => dashboards, uses: dashboardUses },
  workflows: { objects: ({ workflows }) => workflows, uses: workflowUses },
  importMappings: { objects: ({ importMappings }) => importMappings.values(), uses: importUses },
};

/** Every object of the metadata with what it names, in the order of the kinds. */
export const usesByOwner = (registry: Registry): readonly OwnedUses[] =>
  (Object.keys(catalogue) as (keyof MetadataSource)[]).flatMap((kind) => ofKind(registry, kind));

function ofKind<Kind extends keyof MetadataSource>(registry: Registry, kind: Kind): readonly OwnedUses[] {
  const entry: UsesOf<Kind> = catalogue[kind];
  return [...entry.objects(registry)].map((object) => {
    const { id, name = id } = object as { readonly id: string; readonly name?: string };
    return { owner: Object.freeze({ kind, id, name }), uses: entry.uses(registry, object) };
  });
}

/** The object that an owner stands for. */
export function objectOf(registry: Registry, { kind, id }: Pick<Owner, 'kind' | 'id'>): object | undefined {
  const find = <Kind extends keyof MetadataSource>(entry: UsesOf<Kind>): object | undefined =>
    [...(entry.objects(registry) as Iterable<{ readonly id: string }>)].find((object) => object.id === id);
  return find<typeof kind>(catalogue[kind] as UsesOf<typeof kind>);
}

function* optionSetUses(registry: Registry, set: OptionSetMetadata): Generator<Use> {
  yield* declared(nameUse('/name', set.name, optionSetTarget(registry, set.name)));
  for (const [at, { value }] of set.options.entries())
    yield* declared(nameUse(`/options/${at}/value`, value, { kind: 'option', id: set.id, name: value }));
}

function* roleUses(registry: Registry, role: RoleMetadata): Generator<Use> {
  yield* declared(nameUse('/name', role.name, { kind: 'role', id: role.id, name: role.name }));
  for (const [at, name] of (role.extends ?? []).entries()) yield* nameUse(`/extends/${at}`, name, roleTarget(registry, name));
  for (const [name, { filter, fields = {} }] of Object.entries(role.entities)) {
    const pointer = pointerOf('entities', name);
    yield* asKey(nameUse(pointer, name, entityTarget(registry, name)));
    const entity = registry.entities.get(name);
    if (entity === undefined) continue;
    for (const given of Object.keys(fields)) {
      const field = entity.fields.get(given);
      if (field !== undefined)
        yield* asKey(nameUse(`${pointer}${pointerOf('fields', given)}`, given, fieldTarget(entity, field)));
    }
    yield* conditionUses(registry, entity, `${pointer}/filter`, filter);
  }
}
