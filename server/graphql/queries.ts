// Query fields of an entity: one record by id, and the list as a Relay connection.
import type { SchemaComposer } from 'graphql-compose';
import type { Entity, Registry } from '../metadata/registry.ts';
import { namesOf } from './names.ts';
import { listResolver, recordResolver } from './resolvers.ts';

export function addQueries(composer: SchemaComposer, registry: Registry, entity: Entity): void {
  const names = namesOf(entity);
  composer.Query.addFields({
    [names.one]: { type: names.type, args: { id: 'ID!' }, resolve: recordResolver(registry, entity) },
    [names.many]: {
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
      resolve: listResolver(registry, entity),
    },
  });
}
