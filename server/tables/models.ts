// Objection models made from the registry: one class an entity, with its table, key and relations.
import { Model, type ModelClass, type QueryBuilder, type RelationMapping, type RelationMappings } from 'objection';
import { type Entity, perRegistry, type Registry, type Relation } from '../metadata/registry.ts';

export type EntityModel = ModelClass<Model>;

/**
 * The models by entity name. They are bound to no database: pass the transaction or the knex to `query`.
 * Columns go in and come out as they are (JSON columns as text going in): parsing is the field types' work.
 * @example modelsOf(registry).get('books')?.query(transaction).insert(row)
 */
export const modelsOf: (registry: Registry) => ReadonlyMap<string, EntityModel> = perRegistry((registry) => {
  const models = new Map<string, EntityModel>();
  for (const entity of registry.entities.values()) models.set(entity.name, modelOf(registry, entity, models));
  return models;
});

const tableOf = (registry: Registry, entity: Entity): string => `${registry.app.schema}.${entity.table}`;

function modelOf(registry: Registry, entity: Entity, models: ReadonlyMap<string, EntityModel>): EntityModel {
  const relationMappings = (): RelationMappings => {
    const mappings = [...entity.relations.values()].map((relation) => mappingOf(registry, entity, models, relation));
    return Object.fromEntries(mappings.flatMap((mapping) => (mapping === undefined ? [] : [mapping])));
  };
  // Assigned, not static fields: V8 reports those of a class made in a function without ranges, and merging coverage fails.
  return Object.assign(class extends Model {}, {
    tableName: tableOf(registry, entity),
    idColumn: entity.partitioned ? ['id', 'created_at'] : 'id',
    jsonAttributes: [],
    relationMappings,
  });
}

/** A record of any kind has no model of its own on the near side; its inverse is a filtered to-many. */
function mappingOf(
  registry: Registry,
  entity: Entity,
  models: ReadonlyMap<string, EntityModel>,
  relation: Relation,
): [string, RelationMapping<Model>] | undefined {
  if (relation.kind === 'belongsToAny') return undefined;
  const target = registry.entities.get(relation.target);
  const modelClass = models.get(relation.target);
  if (target === undefined || modelClass === undefined) return undefined;
  const [near, far] = [tableOf(registry, entity), tableOf(registry, target)];
  if (relation.kind === 'belongsTo') {
    const join = { from: `${near}.${relation.field}`, to: `${far}.id` };
    return [relation.name, { relation: Model.BelongsToOneRelation, modelClass, join }];
  }
  if (relation.kind === 'hasMany') {
    const join = { from: `${near}.id`, to: `${far}.${relation.field}` };
    return [relation.name, { relation: Model.HasManyRelation, modelClass, join }];
  }
  if (relation.kind === 'hasManyAny') {
    const join = { from: `${near}.id`, to: `${far}.${relation.idField}` };
    return [
      relation.name,
      { relation: Model.HasManyRelation, modelClass, join, filter: { [`${far}.${relation.typeField}`]: entity.name } },
    ];
  }
  const link = registry.entities.get(relation.through);
  if (link === undefined) return undefined;
  const through = tableOf(registry, link);
  const join = {
    from: `${near}.id`,
    through: { from: `${through}.${relation.fromField}`, to: `${through}.${relation.toField}` },
    to: `${far}.id`,
  };
  // Links are deleted softly like any record.
  const filter = (query: QueryBuilder<Model>) => query.whereNull(`${through}.deleted_at`);
  return [relation.name, { relation: Model.ManyToManyRelation, modelClass, join, filter }];
}
