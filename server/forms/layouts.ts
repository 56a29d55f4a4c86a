// Which layouts of an entity an actor gets: those for their roles, the weightiest first, without what is closed to them.
import { checkCondition } from '../conditions/check.ts';
import type { Condition } from '../conditions/tree.ts';
import type { Entity, Registry } from '../metadata/registry.ts';
import type { LayoutMetadata, LayoutSection, LayoutTab } from '../metadata/types.ts';
import { vocabularyOf } from '../metadata/vocabulary.ts';
import { isSortable } from '../query/sort.ts';
import type { Actor } from '../repository/actor.ts';

/** @param registry as the actor sees it, and `entity` of it */
export function layoutsFor(registry: Registry, entity: Entity, actor: Actor): readonly LayoutMetadata[] {
  const applies = ({ appliesTo }: LayoutMetadata): boolean =>
    appliesTo?.roles === undefined || appliesTo.roles.some((role) => actor.roles.includes(role));
  return registry.layouts
    .filter((layout) => layout.entity === entity.name && applies(layout))
    .toSorted((left, right) => (right.priority ?? 0) - (left.priority ?? 0))
    .map((layout) => ({ ...layout, tabs: layout.tabs.map((tab) => shownTab(registry, entity, tab)) }));
}

/** Whether the first step of a path leads somewhere. */
export const isShown = (entity: Entity, path: string): boolean => {
  const [head = ''] = path.split('.');
  return entity.fields.has(head) || entity.relations.has(head);
};

/** The keys that an actor may sort by. */
export const shownSort = (entity: Entity, sort: readonly string[]): readonly string[] =>
  sort.filter((key) => isSortable(entity, key.replace(/^-/, '')));

export const isAskable = (registry: Registry, entity: Entity, condition: Condition): boolean =>
  !('issues' in checkCondition(condition, vocabularyOf(registry, entity)));

function shownTab(registry: Registry, entity: Entity, { sections, relatedLists, ...tab }: LayoutTab): LayoutTab {
  return {
    ...tab,
    ...(sections === undefined ? {} : { sections: sections.map((section) => shownSection(registry, entity, section)) }),
    ...(relatedLists === undefined ? {} : { relatedLists: relatedLists.flatMap((list) => shownList(registry, entity, list)) }),
  };
}

/** A section that shows by a closed field always shows. */
function shownSection(registry: Registry, entity: Entity, { visibleWhen, ...section }: LayoutSection): LayoutSection {
  return {
    ...section,
    ...(visibleWhen == null || !isAskable(registry, entity, visibleWhen) ? {} : { visibleWhen }),
    rows: section.rows.map((row) => row.filter(({ field }) => isShown(entity, field))).filter((row) => row.length > 0),
  };
}

type RelatedList = NonNullable<LayoutTab['relatedLists']>[number];

function shownList(registry: Registry, entity: Entity, { sort, ...list }: RelatedList): readonly RelatedList[] {
  const relation = entity.relations.get(list.relation);
  const target = relation === undefined || !('target' in relation) ? undefined : registry.entities.get(relation.target);
  if (target === undefined) return [];
  const columns = list.columns.filter((path) => isShown(target, path));
  return [{ ...list, columns, ...(sort === undefined ? {} : { sort: shownSort(target, sort) }) }];
}
