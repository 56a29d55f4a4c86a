// Finds every text for people in the metadata, with its place.
import { pointerOf } from './pointer.ts';
import type { EntityMetadata, FieldMetadata, Label, MetadataSource, Option } from './types.ts';

export interface PlacedLabel {
  /** The object of the source that holds it. */
  readonly value: object;
  readonly pointer: string;
  /** Language → text. */
  readonly label: Label;
}

type Found = readonly [pointer: string, label: Label | undefined];

/** All labels, helps and messages. Labels for one and several give two each. */
export function* labelsOf(source: MetadataSource): Generator<PlacedLabel> {
  for (const [value, found] of labelsByObject(source)) {
    for (const [pointer, label] of found) if (label !== undefined) yield { value, pointer, label };
  }
}

function* labelsByObject(source: MetadataSource): Generator<readonly [object, Iterable<Found>]> {
  const { app, optionSets, roles, layouts, views, dashboards, workflows, importMappings } = source;
  const own = (item: { readonly label?: Label }): Found => ['/label', item.label];
  yield [app, [own(app), ...app.navigation.map(({ label }, at): Found => [pointerOf('navigation', at, 'label'), label])]];
  for (const set of optionSets) yield [set, [own(set), ...ofOptions(set.options, '/options')]];
  for (const entity of source.entities) yield [entity, ofEntity(entity)];
  for (const item of [...roles, ...views, ...importMappings]) yield [item, [own(item)]];
  for (const layout of layouts) {
    const found = layout.tabs.flatMap((tab, at): Found[] => [
      [pointerOf('tabs', at, 'label'), tab.label],
      ...(tab.sections ?? []).map(({ label }, row): Found => [pointerOf('tabs', at, 'sections', row, 'label'), label]),
    ]);
    yield [layout, found];
  }
  for (const dashboard of dashboards) {
    const widgets = dashboard.widgets.map(
      ({ label }, at): Found => [pointerOf('widgets', at, 'label'), label as Label | undefined],
    );
    yield [dashboard, [own(dashboard), ...widgets]];
  }
  for (const workflow of workflows) yield [workflow, [own(workflow)]];
}

function* ofEntity(entity: EntityMetadata): Generator<Found> {
  for (const form of ['one', 'other'] as const) {
    const label = Object.entries(entity.label).map(([language, forms]) => [language, forms[form]]);
    yield ['/label', Object.fromEntries(label) as Label];
  }
  yield ['/description', entity.description];
  for (const [name, field] of Object.entries(entity.fields)) yield* ofField(field, pointerOf('fields', name));
  for (const [name, relation] of Object.entries(entity.relations ?? {})) {
    yield [pointerOf('relations', name, 'label'), relation.label];
    yield [pointerOf('relations', name, 'inverseLabel'), relation.inverseLabel];
  }
  for (const [at, rule] of (entity.validationRules ?? []).entries())
    yield [pointerOf('validationRules', at, 'message'), rule.message];
}

function* ofField(field: FieldMetadata, pointer: string): Generator<Found> {
  for (const key of ['label', 'help', 'placeholder'] as const) yield [`${pointer}/${key}`, field[key]];
  yield* ofOptions(field.options ?? [], `${pointer}/options`);
}

const ofOptions = (options: readonly Option[], pointer: string): readonly Found[] =>
  options.map((option, at) => [`${pointer}/${at}/label`, option.label]);
