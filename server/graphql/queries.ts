// Query fields of an entity: one record by id, the list as a Relay connection, and figures by groups.
import type { ObjectTypeComposerFieldConfigDefinition, SchemaComposer } from 'graphql-compose';
import type { Entity } from '../metadata/registry.ts';
import { aggregateField } from './aggregates.ts';
import { namesOf } from './names.ts';
import { type GraphqlContext, listResolver, recordResolver } from './resolvers.ts';

/** @param deprecation of both, under a name that the entity had before */
export function addQueries(
  composer: SchemaComposer,
  entity: Entity,
  deprecation: { readonly deprecationReason?: string } = {},
): void {
  const names = namesOf(entity);
  const add = (name: string, field: ObjectTypeComposerFieldConfigDefinition<unknown, GraphqlContext>): void => {
    if (!composer.Query.hasField(name)) composer.Query.addFields({ [name]: { ...(field as object), ...deprecation } as never });
  };
  add(names.one, { type: names.type, args: { id: 'ID!' }, resolve: recordResolver(entity.name) });
  add(names.many, {
    type: `${names.connection}!`,
    args: {
      filter: names.filter,
      ...(entity.meta.search === undefined ? {} : { q: 'String' }),
      sort: 'String',
      first: 'Int',
      after: 'String',
      last: 'Int',
      before: 'String',
      offset: 'Int',
    },
    resolve: listResolver(entity.name),
  });
  add(`${names.many}Aggregate`, aggregateField(entity) as never);
}
