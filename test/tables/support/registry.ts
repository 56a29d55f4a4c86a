// A small registry made by hand from entity metadata: the floors above the tables are tested without the metadata compiler.
import { fieldTypes } from '../../../server/fields/index.ts';
import type { Entity, Field, Registry, Relation } from '../../../server/metadata/registry.ts';
import type { EntityMetadata, FieldMetadata, RelationMetadata } from '../../../server/metadata/types.ts';

export interface SmallEntity {
  readonly id: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, { readonly id: string; readonly type: string; readonly [setting: string]: unknown }>>;
  readonly relations?: Readonly<Record<string, RelationMetadata>>;
  readonly indexes?: EntityMetadata['indexes'];
  readonly search?: readonly string[];
  readonly partitioned?: boolean;
  readonly importable?: boolean;
}

const label = { en: 'x' };

/** `version` stands for the hash of the metadata. */
export function smallRegistry(
  entities: readonly SmallEntity[],
  over: { prefix?: string; schema?: string; version?: string } = {},
): Registry {
  const { prefix = 'lib_', schema = 'library', version = 'a1' } = over;
  const partitioned = new Set(entities.filter((entity) => entity.partitioned === true).map((entity) => entity.name));
  const compiled = entities.map((entity) => compile(entity, prefix, schema, partitioned));
  const inverses = compiled.map((entity) => ({
    ...entity,
    relations: new Map([...entity.relations, ...inverse(entity, compiled)]),
  }));
  return {
    version,
    number: 0,
    documents: [],
    aliases: new Map(),
    app: {
      id: 'app',
      name: 'library',
      label,
      prefix,
      schema,
      basePath: '/library/v1',
      flagPrefix: 'lib_feature_',
      telemetryNamespace: 'lib',
      baseCurrency: 'EUR',
      defaultRegion: 'DE',
      languages: ['en'],
      navigation: [],
    },
    entities: new Map(inverses.map((entity) => [entity.name, entity])),
    entitiesBySingular: new Map(inverses.map((entity) => [entity.singular, entity])),
    optionSets: new Map(),
    roles: new Map(),
    layouts: [],
    views: [],
    dashboards: [],
    workflows: [],
    importMappings: new Map(),
    fieldTypes,
  };
}

function fieldOf(name: string, meta: FieldMetadata, over: Partial<Field> = {}): Field {
  const type = fieldTypes.get(meta.type);
  if (type === undefined) throw new Error(`no field type ${meta.type}`);
  const columns = type.columns(meta).map((column) => ({ ...column, name: `${name}${column.suffix}` }));
  return { name, meta, type, columns, required: meta.required === true, readOnly: false, system: false, hidden: false, ...over };
}

const system = (name: string, type: string, over: Partial<Field> = {}): [string, Field] => [
  name,
  fieldOf(name, { id: `sys_${name}`, type, label }, { system: true, readOnly: true, ...over }),
];

function compile(entity: SmallEntity, prefix: string, schema: string, partitioned: ReadonlySet<string>): Entity {
  const fields = new Map<string, Field>([system('id', 'id', { required: true })]);
  for (const [name, meta] of Object.entries(entity.fields)) {
    const field = fieldOf(name, { label, ...meta });
    fields.set(name, field);
    for (const [suffix, implied] of Object.entries(field.type.implied?.(field.meta) ?? {})) {
      fields.set(`${name}${suffix}`, fieldOf(`${name}${suffix}`, implied));
    }
  }
  const relations = new Map<string, Relation>();
  for (const [name, relation] of Object.entries(entity.relations ?? {})) {
    const common = { name, id: relation.id, label };
    if (relation.kind === 'belongsTo') {
      const { required = false, onDelete, field, entity: target } = relation;
      fields.set(field, fieldOf(field, { id: `${relation.id}_field`, type: 'reference', label, required }, { relation: name }));
      const foreignKey = entity.partitioned !== true && !partitioned.has(target);
      relations.set(name, {
        ...common,
        kind: 'belongsTo',
        target,
        field,
        required,
        foreignKey,
        onDelete,
        ...named(relation.inverse),
      });
    } else if (relation.kind === 'belongsToAny') {
      const { typeField, idField, onDelete, entities: targets = [] } = relation;
      fields.set(typeField, fieldOf(typeField, { id: `${relation.id}_type`, type: 'text', label }));
      fields.set(idField, fieldOf(idField, { id: `${relation.id}_id`, type: 'id', label }));
      relations.set(name, {
        ...common,
        kind: 'belongsToAny',
        targets,
        typeField,
        idField,
        required: false,
        onDelete,
        ...named(relation.inverse),
      });
    } else {
      const { entity: target, through, from: fromField, to: toField } = relation;
      relations.set(name, { ...common, kind: 'manyToMany', target, through, fromField, toField });
    }
  }
  const after: [string, Field][] = [
    system('version', 'integer'),
    system('display_name', 'text'),
    system('search_text', 'text', { hidden: true }),
    ...(entity.importable === true ? [system('external_id', 'text')] : []),
    system('created_at', 'dateTime'),
    system('created_by', 'id'),
    system('updated_at', 'dateTime'),
    system('updated_by', 'id'),
    system('deleted_at', 'dateTime'),
    system('deleted_by', 'id'),
    system('deletion_id', 'id', { hidden: true }),
  ];
  for (const [name, field] of after) fields.set(name, field);
  return {
    id: entity.id,
    name: entity.name,
    singular: entity.name.replace(/s$/, ''),
    meta: metadataOf(entity),
    table: `${prefix}${entity.name}`,
    qualifiedTable: `"${schema}"."${prefix}${entity.name}"`,
    fields,
    relations,
    operations: new Set(['read']),
    partitioned: entity.partitioned === true,
    layer: 'application',
    aliases: new Map(),
  };
}

const named = (inverse: string | undefined) => (inverse === undefined ? {} : { inverse });

function metadataOf(entity: SmallEntity): EntityMetadata {
  return {
    id: entity.id,
    name: entity.name,
    singular: entity.name.replace(/s$/, ''),
    plural: entity.name,
    label: { en: { one: entity.name, other: entity.name } },
    display: { nameFields: ['name'] },
    operations: ['read'],
    fields: {},
    ...(entity.relations === undefined ? {} : { relations: entity.relations }),
    ...(entity.indexes === undefined ? {} : { indexes: entity.indexes }),
    ...(entity.search === undefined ? {} : { search: { fields: entity.search.map((name) => ({ name, weight: 'A' as const })) } }),
  };
}

/** The to-many relations that others' belongsTo give this entity. */
function inverse(entity: Entity, all: readonly Entity[]): [string, Relation][] {
  return all.flatMap((other) =>
    [...other.relations.values()].flatMap((relation): [string, Relation][] => {
      if (!('inverse' in relation) || relation.inverse === undefined) return [];
      const common = { name: relation.inverse, id: `${relation.id}_inverse`, label, target: other.name, inverse: relation.name };
      if (relation.kind === 'belongsTo' && relation.target === entity.name) {
        return [[relation.inverse, { ...common, kind: 'hasMany', field: relation.field, onDelete: relation.onDelete }]];
      }
      if (relation.kind === 'belongsToAny' && relation.targets.includes(entity.name)) {
        const { typeField, idField, onDelete } = relation;
        return [[relation.inverse, { ...common, kind: 'hasManyAny', typeField, idField, onDelete }]];
      }
      return [];
    }),
  );
}
