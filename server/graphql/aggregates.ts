// Figures by groups, `contactsAggregate`: the words of REST as arguments, the figures as JSON by field.
import type { GraphQLFieldResolver } from 'graphql';
import type { SchemaComposer } from 'graphql-compose';
import type { Entity } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import { aggregateQuery } from '../query/aggregate.ts';
import { measureFunctions } from '../query/ast.ts';
import { seenBy } from '../repository/access.ts';
import { filterCondition } from './filter-input.ts';
import { namesOf } from './names.ts';
import { entityOf, type GraphqlContext } from './resolvers.ts';

export const aggregatesType = 'Aggregates';
export const groupType = 'AggregateGroup';

/** The types that all entities share. */
export function addAggregateTypes(composer: SchemaComposer): void {
  composer.createObjectTC({
    name: groupType,
    description: 'One group: its keys as they were asked for, and its figures by field.',
    fields: { group: 'JSON!', count: 'Int', countOf: 'JSON', sum: 'JSON', avg: 'JSON', min: 'JSON', max: 'JSON' },
  });
  composer.createObjectTC({
    name: aggregatesType,
    fields: {
      groups: `[${groupType}!]!`,
      hasNext: { type: 'Boolean!', description: 'There are more groups than the limit.' },
      currencies: { type: 'JSON', description: 'Field → currency of its figures, where these are converted.' },
      names: { type: 'JSON', description: 'Id → name of records that are keys.' },
    },
  });
}

export const aggregateField = (entity: Entity) => ({
  type: `${aggregatesType}!`,
  args: {
    filter: namesOf(entity).filter,
    ...(entity.meta.search === undefined ? {} : { q: 'String' }),
    groupBy: '[String!]',
    ...Object.fromEntries(measureFunctions.map((name) => [name, '[String!]'])),
    sort: 'String',
    limit: 'Int',
    timeZone: 'String',
  },
  resolve: aggregateResolver(entity.name),
});

type Arguments = Readonly<Record<string, unknown>>;

function aggregateResolver(name: string): GraphQLFieldResolver<unknown, GraphqlContext, Arguments> {
  return async (_source, { filter, ...args }, { repository, context }) => {
    const registry = seenBy(context);
    const entity = entityOf(context, name);
    const issues: Issue[] = [];
    const tree = filter == null ? undefined : filterCondition(registry, entity, filter as Arguments);
    const words = Object.fromEntries(
      Object.entries(args).flatMap(([word, value]) =>
        value == null ? [] : [[word, Array.isArray(value) ? value.join(',') : value]],
      ),
    );
    const reading = { registry, entity, pointer: (word: string) => `/${word}`, issues };
    const asked = aggregateQuery(reading, { ...words, ...(tree === undefined ? {} : { filter: tree }) });
    return repository.aggregate(context, asked);
  };
}
