// The GraphQL schema of a registry: types, filters, queries and mutations of every entity, made by graphql-compose.
import type { GraphQLSchema } from 'graphql';
import { type ObjectTypeComposer, SchemaComposer } from 'graphql-compose';
import { type Entity, isToMany, perRegistry, type Registry } from '../metadata/registry.ts';
import { addEntityFilter, addKindFilters } from './filter-input.ts';
import { addMutations } from './mutations.ts';
import { namesOf } from './names.ts';
import { addQueries } from './queries.ts';
import { relatedResolver } from './resolvers.ts';
import { scalars } from './scalars.ts';

/** Built once a registry; nothing in it depends on the caller. */
export const schemaOf = perRegistry((registry): GraphQLSchema => {
  const composer = new SchemaComposer();
  for (const scalar of scalars) composer.createScalarTC(scalar);
  addKindFilters(composer);
  composer.createObjectTC({
    name: 'PageInfo',
    fields: { hasNextPage: 'Boolean!', hasPreviousPage: 'Boolean!', startCursor: 'String', endCursor: 'String' },
  });
  composer.createObjectTC({
    name: 'AnyRecord',
    description: 'A record of any entity: what it is and what it is called.',
    fields: { entity: 'String!', id: 'ID!', display_name: 'String!' },
  });
  for (const entity of registry.entities.values()) {
    addEntityFilter(composer, registry, entity);
    addRecordTypes(composer, entity);
  }
  for (const entity of registry.entities.values()) {
    addRelations(composer.getOTC(namesOf(entity).type), registry, entity);
    addQueries(composer, registry, entity);
    addMutations(composer, registry, entity);
  }
  return composer.buildSchema();
});

const listArguments = (filter: string) => ({ filter, sort: 'String', first: 'Int', after: 'String' });

function addRecordTypes(composer: SchemaComposer, entity: Entity): void {
  const names = namesOf(entity);
  const type = composer.createObjectTC({ name: names.type, description: entity.meta.label['en']?.one ?? entity.singular });
  for (const field of entity.fields.values()) {
    if (field.hidden || field.type.secret === true) continue;
    const always =
      field.name === 'id' ||
      field.name === 'version' ||
      field.name === 'display_name' ||
      field.name === 'created_at' ||
      field.name === 'updated_at';
    const output = field.name === 'id' ? 'ID' : field.type.graphql(field.meta).output;
    type.addFields({ [field.name]: { type: always ? `${output}!` : output, description: field.meta.label['en'] ?? field.name } });
  }
  composer.createObjectTC({ name: `${names.type}Edge`, fields: { cursor: 'String!', node: `${names.type}!` } });
  composer.createObjectTC({
    name: names.connection,
    fields: { nodes: `[${names.type}!]!`, edges: `[${names.type}Edge!]!`, pageInfo: 'PageInfo!', totalCount: 'Int' },
  });
}

function addRelations(type: ObjectTypeComposer, registry: Registry, entity: Entity): void {
  for (const relation of entity.relations.values()) {
    const description = relation.label['en'] ?? relation.name;
    if (relation.kind === 'belongsToAny') {
      type.addFields({ [relation.name]: { type: 'AnyRecord', description, resolve: relatedResolver(registry) } });
      continue;
    }
    const target = registry.entities.get(relation.target);
    if (target === undefined) continue;
    const names = namesOf(target);
    type.addFields({
      [relation.name]: isToMany(relation)
        ? {
            type: `${names.connection}!`,
            description,
            args: listArguments(names.filter),
            resolve: relatedResolver(registry, target),
          }
        : { type: names.type, description, resolve: relatedResolver(registry) },
    });
  }
}
