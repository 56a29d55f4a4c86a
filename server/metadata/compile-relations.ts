// Declared relations and the inverses that they give their targets → the relations of every compiled entity.
import type { Label } from '../fields/field-type.ts';
import { anyTargets } from './compile-fields.ts';
import { freezeDeep, frozenMap } from './freeze.ts';
import type { Relation } from './registry.ts';
import { systemRelations, usersEntity } from './system-fields.ts';
import type { EntityMetadata, MetadataSource, RelationMetadata } from './types.ts';

type Relations = Map<string, Relation>;

/** Relations by entity name, then by relation name: declared ones first, inverses after them. */
export function compileRelations(source: MetadataSource): ReadonlyMap<string, ReadonlyMap<string, Relation>> {
  const all = new Map<string, Relations>(source.entities.map((entity) => [entity.name, new Map()]));
  const place = (entity: string, relation: Relation): void => {
    all.get(entity)?.set(relation.name, freezeDeep(relation));
  };
  for (const entity of source.entities) {
    for (const [name, meta] of Object.entries(entity.relations ?? {})) place(entity.name, declared(source, entity, name, meta));
  }
  for (const entity of source.entities) {
    for (const [name, meta] of Object.entries(entity.relations ?? {})) {
      for (const [target, relation] of inversesOf(source, entity, name, meta)) place(target, relation);
    }
    if (all.has(usersEntity))
      for (const [name, { field, label }] of Object.entries(systemRelations))
        place(entity.name, systemRelation(name, field, label));
  }
  for (const relations of all.values()) frozenMap(relations);
  return all;
}

const systemRelation = (name: string, field: string, label: Label): Relation => ({
  kind: 'belongsTo',
  name,
  id: `sys_${name}`,
  label,
  target: usersEntity,
  field,
  required: false,
  foreignKey: false,
  onDelete: 'detach',
});

const partitioned = (source: MetadataSource, name: string): boolean =>
  source.entities.find((entity) => entity.name === name)?.storage?.partitionBy !== undefined;

function declared(source: MetadataSource, entity: EntityMetadata, name: string, meta: RelationMetadata): Relation {
  const common = { name, id: meta.id, label: meta.label ?? { en: name } };
  if (meta.kind === 'manyToMany')
    return { ...common, kind: 'manyToMany', target: meta.entity, ...linkFields(source, meta.through, meta.from, meta.to) };
  const ends = {
    required: meta.required === true,
    onDelete: meta.onDelete,
    ...(meta.inverse === undefined ? {} : { inverse: meta.inverse }),
  };
  if (meta.kind === 'belongsTo') {
    const foreignKey = !partitioned(source, entity.name) && !partitioned(source, meta.entity);
    return { ...common, kind: 'belongsTo', target: meta.entity, field: meta.field, foreignKey, ...ends };
  }
  const targets = anyTargets(source, entity, name).map((target) => target.name);
  return { ...common, kind: 'belongsToAny', targets, typeField: meta.typeField, idField: meta.idField, ...ends };
}

function linkFields(
  source: MetadataSource,
  through: string,
  from: string,
  to: string,
): { through: string; fromField: string; toField: string } {
  const relations = source.entities.find((entity) => entity.name === through)?.relations ?? {};
  const fieldOf = (name: string): string => {
    const relation = relations[name];
    return relation?.kind === 'belongsTo' ? relation.field : '';
  };
  return { through, fromField: fieldOf(from), toField: fieldOf(to) };
}

/** The relations that a declared one gives its targets, by target. */
export function* inversesOf(
  source: MetadataSource,
  entity: EntityMetadata,
  name: string,
  meta: RelationMetadata,
): Generator<readonly [string, Relation]> {
  if (meta.inverse === undefined) return;
  const common = {
    name: meta.inverse,
    id: `${meta.id}_inverse`,
    label: meta.inverseLabel ?? manyLabel(entity),
    target: entity.name,
  };
  if (meta.kind === 'manyToMany') {
    yield [meta.entity, { ...common, kind: 'manyToMany', ...linkFields(source, meta.through, meta.to, meta.from) }];
  } else if (meta.kind === 'belongsTo') {
    yield [meta.entity, { ...common, kind: 'hasMany', field: meta.field, onDelete: meta.onDelete, inverse: name }];
  } else {
    const { typeField, idField, onDelete } = meta;
    for (const target of anyTargets(source, entity, name)) {
      yield [target.name, { ...common, kind: 'hasManyAny', typeField, idField, onDelete, inverse: name }];
    }
  }
}

const manyLabel = (entity: EntityMetadata): Label =>
  Object.fromEntries(Object.entries(entity.label).map(([language, { other }]) => [language, other]));
