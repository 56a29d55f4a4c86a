// The path of figures by groups.
import { type DocumentedOperation, problems } from '../../http/documented-paths.ts';
import type { Entity } from '../../metadata/registry.ts';
import { parameterRef } from './components.ts';
import { schemaRef } from './entity-schemas.ts';
import { filterParameters } from './filters.ts';

export const aggregatePath = (entity: Entity, label: string): DocumentedOperation => ({
  operationId: `aggregate_${entity.name}`,
  summary: `Figures by groups: ${label}`,
  description:
    'Over the records that the caller may read. Keys of groups are fields (`stage`), parts (`address.city`) and periods of dates: `year`, `quarter`, `month`, `week`, `day`, `hour`, `weekday` as in `month(created_at)`. Amounts of money are those in the base currency, unless their currency is a key as well. Without any figure the records are counted.',
  parameters: [
    ...(
      ['GroupBy', 'CountOf', 'Sum', 'Avg', 'Min', 'Max', 'GroupSort', 'GroupLimit', 'TimeZone', 'Filter', 'Deleted'] as const
    ).map(parameterRef),
    ...(entity.meta.search === undefined ? [] : [parameterRef('Search')]),
    ...filterParameters(entity),
  ],
  responses: {
    200: { description: 'The groups.', content: { 'application/json': { schema: schemaRef('Aggregates') } } },
    ...problems(400, 401, 403, 404, 429, 503, 504),
  },
});
