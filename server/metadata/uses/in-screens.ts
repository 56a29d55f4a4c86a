// What screens name: layouts, views, dashboards and the navigation of the application.
import type { Condition } from '../../conditions/tree.ts';
import type { Entity, Registry } from '../registry.ts';
import type { AppMetadata, DashboardMetadata, LayoutMetadata, LayoutTab, ViewMetadata } from '../types.ts';
import { conditionUses } from './in-conditions.ts';
import { pathListUses, pathUses } from './paths.ts';
import { declared, namedAt, nameUse, type Use } from './reference.ts';
import { entityTarget, relationTarget, roleTarget } from './targets.ts';

export function* appUses(registry: Registry, app: AppMetadata): Generator<Use> {
  for (const [group, { items }] of app.navigation.entries())
    for (const [at, name] of items.entries())
      yield* nameUse(`/navigation/${group}/items/${at}`, name, entityTarget(registry, name));
}

export function* layoutUses(registry: Registry, layout: LayoutMetadata): Generator<Use> {
  yield* declared(nameUse('/name', layout.name, { kind: 'layout', id: layout.id, name: layout.name }));
  yield* nameUse('/entity', layout.entity, entityTarget(registry, layout.entity));
  for (const [at, role] of (layout.appliesTo?.roles ?? []).entries())
    yield* nameUse(`/appliesTo/roles/${at}`, role, roleTarget(registry, role));
  const entity = registry.entities.get(layout.entity);
  if (entity === undefined) return;
  for (const [at, tab] of layout.tabs.entries()) yield* tabUses(registry, entity, tab, `/tabs/${at}`);
}

function* tabUses(registry: Registry, entity: Entity, tab: LayoutTab, pointer: string): Generator<Use> {
  for (const [at, section] of (tab.sections ?? []).entries()) {
    const place = `${pointer}/sections/${at}`;
    yield* conditionUses(registry, entity, `${place}/visibleWhen`, section.visibleWhen);
    for (const [row, cells] of section.rows.entries())
      for (const [cell, { field }] of cells.entries())
        yield* pathUses(registry, entity, `${place}/rows/${row}/${cell}/field`, field).uses;
  }
  for (const [at, { relation: name, columns, sort }] of (tab.relatedLists ?? []).entries()) {
    const relation = entity.relations.get(name);
    if (relation === undefined) continue;
    const place = `${pointer}/relatedLists/${at}`;
    yield namedAt(`${place}/relation`, name, relationTarget(entity, relation));
    const target = 'target' in relation ? registry.entities.get(relation.target) : undefined;
    if (target !== undefined) yield* listUses(registry, target, place, { columns, sort });
  }
}

export function* viewUses(registry: Registry, view: ViewMetadata): Generator<Use> {
  yield* declared(nameUse('/name', view.name, { kind: 'view', id: view.id, name: view.name }));
  yield* nameUse('/entity', view.entity, entityTarget(registry, view.entity));
  const entity = registry.entities.get(view.entity);
  if (entity === undefined) return;
  yield* listUses(registry, entity, '', view);
  for (const key of ['groupBy', 'sum', 'startField', 'endField'] as const)
    if (view[key] !== undefined) yield* pathUses(registry, entity, `/${key}`, view[key]).uses;
}

interface ListMetadata {
  readonly columns: readonly string[];
  readonly sort?: readonly string[] | undefined;
  readonly filter?: Condition;
}

function* listUses(registry: Registry, entity: Entity, pointer: string, list: ListMetadata): Generator<Use> {
  yield* pathListUses(registry, entity, `${pointer}/columns`, list.columns);
  yield* pathListUses(registry, entity, `${pointer}/sort`, list.sort);
  yield* conditionUses(registry, entity, `${pointer}/filter`, list.filter);
}

/** A widget as its schema lets it be. */
interface Widget {
  readonly entity: string;
  readonly measure?: { readonly field?: string };
  readonly groupBy?: readonly string[];
  readonly filter?: Condition;
}

export function* dashboardUses(registry: Registry, dashboard: DashboardMetadata): Generator<Use> {
  yield* declared(nameUse('/name', dashboard.name, { kind: 'dashboard', id: dashboard.id, name: dashboard.name }));
  for (const [at, widget] of (dashboard.widgets as readonly unknown[] as readonly Widget[]).entries()) {
    const pointer = `/widgets/${at}`;
    yield* nameUse(`${pointer}/entity`, widget.entity, entityTarget(registry, widget.entity));
    const entity = registry.entities.get(widget.entity);
    if (entity === undefined) continue;
    const measured = widget.measure?.field;
    if (measured !== undefined) yield* pathUses(registry, entity, `${pointer}/measure/field`, measured).uses;
    yield* pathListUses(registry, entity, `${pointer}/groupBy`, widget.groupBy);
    yield* conditionUses(registry, entity, `${pointer}/filter`, widget.filter);
  }
}
