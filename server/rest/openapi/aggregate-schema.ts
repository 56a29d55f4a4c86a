// The answer of figures by groups.
import { maxGroups } from '../../query/aggregate.ts';

const byField = { type: 'object', additionalProperties: true };

export const aggregateSchema = {
  type: 'object',
  required: ['data', 'page'],
  properties: {
    data: {
      type: 'array',
      maxItems: maxGroups,
      items: {
        type: 'object',
        required: ['group'],
        properties: {
          group: { ...byField, description: 'The keys, as they were asked for.' },
          count: { type: 'integer', description: 'Records, with `count=*`.' },
          countOf: { ...byField, description: 'Values that are there, by field.' },
          sum: byField,
          avg: byField,
          min: byField,
          max: byField,
        },
      },
    },
    page: {
      type: 'object',
      required: ['limit', 'hasNext'],
      properties: { limit: { type: 'integer' }, hasNext: { type: 'boolean' } },
    },
    currencies: { type: 'object', additionalProperties: { type: 'string' }, description: 'Field → currency of its figures.' },
    names: { type: 'object', additionalProperties: { type: 'string' }, description: 'Id → name of records that are keys.' },
  },
};
