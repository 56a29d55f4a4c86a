// Builds GET {base}/meta: what of the registry the actor may see, in the words the admin UI and other clients need.
import { operatorsFor } from '../conditions/operators.ts';
import type { ValueKind } from '../conditions/value-kind.ts';
import { largerFeatures } from '../metadata/features.ts';
import { type Entity, type Field, isToMany, type Registry, type Relation } from '../metadata/registry.ts';
import type { Operation, ViewMetadata } from '../metadata/types.ts';
import { isSortable } from '../query/sort.ts';
import type { Actor } from '../repository/actor.ts';
import { featureMark } from './feature-mark.ts';
import { isAskable, isShown, layoutsFor, shownSort } from './layouts.ts';
import type { MetaDocument, MetaEntity, MetaField, MetaRelation } from './meta-document.ts';

/** Settings that any type may have; a type's own come from its `settings`. */
const commonSettings = [
  'help',
  'placeholder',
  'min',
  'max',
  'minLength',
  'maxLength',
  'pattern',
  'precision',
  'scale',
  'default',
  'unique',
  'privacy',
  'visibleWhen',
  'requiredWhen',
  'readOnlyWhen',
] as const;
/** Already resolved into `options`. */
const resolvedSettings: ReadonlySet<string> = new Set(['options', 'optionSet', 'optionsFrom']);

export const mayRead = (actor: Actor, entity: string): boolean => actor.access(entity, 'read') !== 'none';

const aliases = (kind: ValueKind): readonly string[] => operatorsFor(kind).map((operator) => operator.alias);

function settingsOf(field: Field): Readonly<Record<string, unknown>> {
  const names = new Set([...commonSettings, ...Object.keys(field.type.settings)]);
  const given = [...names]
    .filter((name) => !resolvedSettings.has(name))
    .map((name) => [name, field.meta[name]] as const)
    .filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given);
}

function describeParts(field: Field): Pick<MetaField, 'parts'> {
  if (field.type.parts === undefined) return {};
  const parts = Object.entries(field.type.parts).map(
    ([name, { kind, label }]) => [name, { kind, label, operators: aliases(kind) }] as const,
  );
  return { parts: Object.fromEntries(parts) };
}

function describeField(entity: Entity, field: Field): MetaField {
  const { name, meta, type } = field;
  const secret = type.secret === true;
  const currency = `${name}_currency`;
  return {
    ...settingsOf(field),
    name,
    type: type.name,
    kind: type.kind,
    widget: type.widget,
    label: meta.label,
    required: field.required,
    readOnly: field.readOnly,
    system: field.system,
    sortable: isSortable(entity, name),
    operators: secret || field.guard !== undefined ? [] : aliases(type.kind),
    ...(secret ? { secret } : {}),
    ...(meta.options === undefined ? {} : { options: meta.options }),
    ...(field.relation === undefined ? {} : { relation: field.relation }),
    ...(type.implied !== undefined && entity.fields.has(currency) ? { currencyField: currency } : {}),
    ...describeParts(field),
  };
}

function describeRelation(relation: Relation, actor: Actor): MetaRelation {
  const { kind, label } = relation;
  switch (relation.kind) {
    case 'belongsTo':
    case 'hasMany':
      return { kind, label, target: relation.target, field: relation.field };
    case 'belongsToAny':
      return {
        kind,
        label,
        targets: relation.targets.filter((target) => mayRead(actor, target)),
        typeField: relation.typeField,
        idField: relation.idField,
      };
    case 'hasManyAny':
      return { kind, label, target: relation.target, typeField: relation.typeField, idField: relation.idField };
    case 'manyToMany':
      return { kind, label, target: relation.target };
  }
}

function describeEntity(entity: Entity, actor: Actor): MetaEntity {
  const { meta } = entity;
  const shownRelation = (relation: Relation): boolean =>
    !isToMany(relation) || relation.kind === 'belongsToAny' || ('target' in relation && mayRead(actor, relation.target));
  const fields = [...entity.fields.values()].filter((field) => !field.hidden);
  const relations = [...entity.relations.values()].filter(shownRelation);
  return {
    name: entity.name,
    singular: entity.singular,
    label: meta.label,
    ...(meta.icon === undefined ? {} : { icon: meta.icon }),
    layer: entity.layer,
    display: shownDisplay(entity),
    operations: [...entity.operations].filter((operation: Operation) => actor.access(entity.name, operation) !== 'none'),
    fields: Object.fromEntries(fields.map((field) => [field.name, describeField(entity, field)])),
    relations: Object.fromEntries(relations.map((relation) => [relation.name, describeRelation(relation, actor)])),
    search: meta.search !== undefined,
    features: meta.features ?? {},
  };
}

const shownDisplay = ({ meta, fields }: Entity): MetaEntity['display'] => {
  const { nameFields, subtitleFields } = meta.display;
  const shown = (names: readonly string[]): readonly string[] => names.filter((name) => fields.has(name));
  return { nameFields: shown(nameFields), ...(subtitleFields === undefined ? {} : { subtitleFields: shown(subtitleFields) }) };
};

/** Without the columns and the order of closed fields; a view that filters or is laid out by one cannot be shown at all. */
function shownView(registry: Registry, view: ViewMetadata): readonly MetaDocument['views'][number][] {
  const entity = registry.entities.get(view.entity);
  if (entity === undefined) return [];
  const { name, label, type, columns, sort, filter, groupBy, sum, startField, endField, default: isDefault } = view;
  if (filter !== undefined && !isAskable(registry, entity, filter)) return [];
  if ([groupBy, startField].some((path) => path !== undefined && !isShown(entity, path))) return [];
  const optional = (key: string, path: string | undefined) =>
    path === undefined || !isShown(entity, path) ? {} : { [key]: path };
  return [
    {
      name,
      label,
      entity: entity.name,
      type,
      ...optional('groupBy', groupBy),
      ...optional('sum', sum),
      ...optional('startField', startField),
      ...optional('endField', endField),
      columns: columns.filter((path) => isShown(entity, path)),
      ...(sort === undefined ? {} : { sort: shownSort(entity, sort) }),
      ...(filter === undefined ? {} : { filter }),
      ...(isDefault === undefined ? {} : { default: isDefault }),
    },
  ];
}

/**
 * The registry as the actor may see it: entities that they may read (with the operations that they may do on some records
 * at least), and the views and layouts of those.
 */
export function describeRegistry(full: Registry, actor: Actor): MetaDocument {
  const registry = actor.sees(full);
  const { app } = registry;
  const entities = [...registry.entities.values()].filter((entity) => mayRead(actor, entity.name));
  const shown = (name: string): boolean => mayRead(actor, name) && registry.entities.has(name);
  return {
    version: registry.version,
    app: {
      name: app.name,
      label: app.label,
      basePath: app.basePath,
      languages: app.languages,
      navigation: app.navigation
        .map((group) => ({ label: group.label, items: group.items.filter(shown) }))
        .filter((group) => group.items.length > 0),
      baseCurrency: app.baseCurrency,
    },
    user: {
      id: actor.id,
      display_name: actor.name,
      email: actor.email,
      language: actor.language,
      roles: actor.roles,
    },
    featureMark: featureMark(full, actor),
    features: largerFeatures.filter(({ name }) => actor.isOn(name)).map(({ name }) => name),
    entities: Object.fromEntries(entities.map((entity) => [entity.name, describeEntity(entity, actor)])),
    views: registry.views.flatMap((view) => shownView(registry, view)),
    layouts: entities.flatMap((entity) =>
      layoutsFor(registry, entity, actor).map(({ name, entity: of, type, tabs }) => ({ name, entity: of, type, tabs })),
    ),
  };
}
