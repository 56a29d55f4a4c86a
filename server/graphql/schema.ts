// The GraphQL schema of a registry: types, filters, queries and mutations of every entity, made by graphql-compose.
import { createHash } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import { type ObjectTypeComposer, SchemaComposer } from 'graphql-compose';
import { type Entity, isToMany, type Registry, type Relation } from '../metadata/registry.ts';
import { drained, inSlices, type Parts } from '../metadata/slices.ts';
import { addAggregateTypes } from './aggregates.ts';
import { addEntityFilter, addKindFilters } from './filter-input.ts';
import { addMutations } from './mutations.ts';
import { namesOf } from './names.ts';
import { deprecated, otherEntities, understood } from './other-names.ts';
import { addQueries } from './queries.ts';
import { relatedResolver } from './resolvers.ts';
import { scalars } from './scalars.ts';

const schemas = new WeakMap<Registry, GraphQLSchema>();
/**
 * By shape, the last ones: most changes of the metadata leave the schema as it is, those that do not go through two
 * registries, and of each registry every set of roles sees a part of its own.
 */
const shaped = new Map<string, GraphQLSchema>();
const keptShapes = 32;

/** Built once a shape, at the latest when it is first asked for, of what somebody sees of a registry. */
export function schemaOf(registry: Registry): GraphQLSchema {
  return schemas.get(registry) ?? drained(findOrBuild(registry));
}

/** Builds it ahead, a little at a time, so that neither the requests of now nor the first one with the registry wait for it. */
export async function prepareSchema(registry: Registry): Promise<void> {
  if (!schemas.has(registry)) await inSlices(findOrBuild(registry));
}

const building = new WeakMap<Registry, Promise<void>>();

/** The schema, built a little at a time where it is not there yet. */
export async function preparedSchema(registry: Registry): Promise<GraphQLSchema> {
  const known = schemas.get(registry);
  if (known !== undefined) return known;
  const started = building.get(registry) ?? prepareSchema(registry);
  building.set(registry, started);
  await started;
  return schemaOf(registry);
}

function* findOrBuild(registry: Registry): Parts<GraphQLSchema> {
  const shape = yield* shapeOf(registry);
  const made = shaped.get(shape) ?? (yield* buildSchema(registry));
  shaped.delete(shape);
  shaped.set(shape, made);
  for (const oldest of [...shaped.keys()].slice(0, -keptShapes)) shaped.delete(oldest);
  schemas.set(registry, made);
  return made;
}

/** Everything that `buildSchema` looks at; the resolvers look at the registry of the request. */
function* shapeOf(registry: Registry): Parts<string> {
  const hash = createHash('sha256').update(JSON.stringify(understood(registry.aliases)));
  for (const entity of registry.entities.values()) {
    const { name, singular, meta, operations, relations, aliases } = entity;
    const fields = [...entity.fields.values()].map(({ columns: _, type, ...field }) => ({ ...field, type: type.name }));
    const rest = [name, singular, meta.label, meta.search !== undefined, meta.ownership?.owner, [...operations]];
    hash.update(JSON.stringify([rest, fields, [...relations.values()], understood(aliases)]));
    yield;
  }
  return hash.digest('hex');
}

/** Part by part, so that who builds it ahead may let others run in between. */
function* buildSchema(registry: Registry): Parts<GraphQLSchema> {
  const composer = new SchemaComposer();
  for (const scalar of scalars) composer.createScalarTC(scalar);
  addKindFilters(composer);
  addAggregateTypes(composer);
  composer.createObjectTC({
    name: 'PageInfo',
    fields: { hasNextPage: 'Boolean!', hasPreviousPage: 'Boolean!', startCursor: 'String', endCursor: 'String' },
  });
  composer.createObjectTC({
    name: 'AnyRecord',
    description: 'A record of any entity: what it is and what it is called.',
    fields: { entity: 'String!', id: 'ID!', display_name: 'String!' },
  });
  const entities = [...registry.entities.values()];
  const others = entities.flatMap((entity) => otherEntities(registry, entity));
  for (const entity of [...entities, ...others.map((other) => other.entity)]) {
    if (composer.has(namesOf(entity).type)) continue;
    addEntityFilter(composer, registry, entity);
    addRecordTypes(composer, entity);
    yield;
  }
  const all = [...entities.map((entity) => ({ entity })), ...others];
  for (const { entity, ...deprecation } of all) {
    addRelations(composer.getOTC(namesOf(entity).type), registry, entity);
    addQueries(composer, entity, deprecation);
    addMutations(composer, entity, deprecation);
    yield;
  }
  // The checks of the metadata and a test of both applications see to that; to validate it here would hold up every request.
  const unproven: object = { assumeValid: true };
  return composer.buildSchema(unproven);
}

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
    const shown = { type: always ? `${output}!` : output, description: field.meta.label['en'] ?? field.name };
    type.addFields({ [field.name]: shown });
    for (const [other, more] of otherNames(entity, field.name)) type.addFields({ [other]: { ...shown, ...more } });
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
      add(type, entity, relation, { type: 'AnyRecord', description, resolve: relatedResolver() });
      continue;
    }
    const target = registry.entities.get(relation.target);
    if (target === undefined) continue;
    const names = namesOf(target);
    const many = {
      type: `${names.connection}!`,
      description,
      args: listArguments(names.filter),
      resolve: relatedResolver(target.name),
    };
    add(type, entity, relation, isToMany(relation) ? many : { type: names.type, description, resolve: relatedResolver() });
  }
}

/** A relation under all of its names. */
function add(type: ObjectTypeComposer, entity: Entity, relation: Relation, field: object): void {
  type.addFields({ [relation.name]: field as never });
  for (const [other, more] of otherNames(entity, relation.name)) type.addFields({ [other]: { ...field, ...more } as never });
}

const otherNames = (entity: Entity, member: string) =>
  understood(entity.aliases).flatMap(([other, { name, until }]) =>
    name === member ? [[other, deprecated(name, until)] as const] : [],
  );
