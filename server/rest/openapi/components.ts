// What all paths share: problems, pages, headers, parameters, how to sign in.
import type { JsonSchema } from '../../fields/field-type.ts';
import { problems as catalogue } from '../../problem.ts';
import { maxGroups } from '../../query/aggregate.ts';
import { maxRecords } from '../many.ts';
import { searchLimit } from '../search.ts';
import { aggregateSchema } from './aggregate-schema.ts';
import { schemaRef } from './entity-schemas.ts';
import { filterSchemas } from './filters.ts';

const page = {
  limit: { type: 'integer' },
  hasNext: { type: 'boolean' },
};

export const sharedSchemas = (): Readonly<Record<string, JsonSchema>> => ({
  ...filterSchemas(),
  Problem: {
    type: 'object',
    description: 'RFC 9457. `code` is stable, texts may be reworded.',
    required: ['type', 'title', 'status', 'code'],
    properties: {
      type: { type: 'string', format: 'uri' },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { type: 'string', enum: Object.keys(catalogue) },
      detail: { type: 'string' },
      instance: { type: 'string' },
      requestId: { type: 'string' },
      errors: { type: 'array', items: schemaRef('Issue') },
      current: { type: 'object', description: 'With stale_version: the record as it is now.' },
      duplicates: {
        type: 'array',
        items: schemaRef('DuplicateFinding'),
        description: 'With duplicate and possible_duplicate: what is like the record.',
      },
      merged_into: { type: 'string', format: 'uuid', description: 'With merged: the record that this one went into.' },
      merge: { type: 'string', format: 'uuid', description: 'With merged: the merge that can be undone.' },
    },
  },
  Issue: {
    type: 'object',
    required: ['pointer', 'code', 'detail'],
    properties: {
      pointer: { type: 'string', description: 'A JSON pointer into the body, or `?name` for a query parameter.' },
      code: { type: 'string' },
      detail: { type: 'string' },
      limit: { type: 'number', description: 'With min_length and max_length: the length.' },
    },
  },
  DuplicateFinding: {
    type: 'object',
    description: 'What one duplicate rule has found.',
    required: ['rule', 'action', 'pointers', 'records', 'others'],
    properties: {
      code: { type: 'string' },
      rule: { type: 'string' },
      action: { type: 'string', enum: ['block', 'warn'] },
      pointers: { type: 'array', items: { type: 'string' }, description: 'The fields that it compares.' },
      records: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id', 'display_name', 'score'],
          properties: {
            id: { type: 'string', format: 'uuid' },
            display_name: { type: ['string', 'null'] },
            score: { type: 'number', minimum: 0, maximum: 1 },
          },
        },
      },
      others: { type: 'boolean', description: 'There are more, or such as the caller may not read.' },
    },
  },
  Page: {
    type: 'object',
    required: ['limit', 'hasNext', 'hasPrev', 'next', 'prev'],
    properties: {
      ...page,
      hasPrev: { type: 'boolean' },
      next: { type: ['string', 'null'], description: 'Cursor for `after`' },
      prev: { type: ['string', 'null'], description: 'Cursor for `before`' },
      total: { type: 'integer', description: 'With `count=exact` or `count=estimated`' },
      totalIs: { type: 'string', enum: ['exact', 'estimated'] },
    },
  },
  IncludedPage: { type: 'object', required: ['limit', 'hasNext'], properties: page },
  AnyRecord: {
    type: 'object',
    required: ['entity', 'id', 'display_name'],
    properties: {
      entity: { type: 'string' },
      id: { type: 'string', format: 'uuid' },
      display_name: { type: ['string', 'null'] },
    },
  },
  Aggregates: aggregateSchema,
  SearchHit: {
    type: 'object',
    required: ['entity', 'id', 'display_name', 'subtitle', 'rank'],
    properties: {
      entity: { type: 'string', description: 'Plural name' },
      id: { type: 'string', format: 'uuid' },
      display_name: { type: 'string' },
      subtitle: { type: ['string', 'null'] },
      rank: { type: 'number' },
    },
  },
});

/** `Problem400` … : one response a status, naming the codes that have it. */
export function problemResponses(): Readonly<Record<string, unknown>> {
  const byStatus = new Map<number, string[]>();
  for (const [code, { status }] of Object.entries(catalogue)) byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      `Problem${status}`,
      { description: codes.join(', '), content: { 'application/problem+json': { schema: schemaRef('Problem') } } },
    ]),
  );
}

const text = (description: string) => ({ description, schema: { type: 'string' } });
export const headers = {
  ETag: text(
    'The version of the record, e.g. `"7"`, with a digest behind it where values are summed up or included; to be sent back in If-Match.',
  ),
  Location: text('Path of the new record.'),
  Link: text('`rel="next"` and `rel="prev"`: neighbouring pages.'),
  TotalCount: { description: 'Number of records, when counted.', schema: { type: 'integer' } },
  Replayed: {
    description: '`true` when the answer to an earlier request with this key is given again.',
    schema: { type: 'boolean' },
  },
};

const query = (name: string, description: string, schema: JsonSchema = { type: 'string' }) => ({
  name,
  in: 'query',
  description,
  schema,
});
const header = (name: string, description: string, required: boolean, schema: JsonSchema = { type: 'string' }) => ({
  name,
  in: 'header',
  description,
  required,
  schema,
});

export const parameters = {
  Id: { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
  Fields: query('fields', 'Names of the fields to answer with, joined by commas; all when absent.'),
  Include: query('include', 'Relations to answer with, joined by commas, at most three levels: `creator,creator.manager`.'),
  Sort: query(
    'sort',
    'Field names joined by commas, `-` before a name for descending: `-created_at,id`. Empty values come last.',
  ),
  Limit: query('limit', 'Records a page.', { type: 'integer', minimum: 1, default: 50 }),
  After: query('after', 'Cursor `page.next` of the page before.'),
  Before: query('before', 'Cursor `page.prev` of the page after.'),
  Page: query('page', 'Number of the page, the first is 1; for the first 10,000 records.', { type: 'integer', minimum: 1 }),
  Count: query('count', 'Whether to count all records.', {
    type: 'string',
    enum: ['none', 'exact', 'estimated'],
    default: 'none',
  }),
  Search: query('q', 'Words to look for in the search fields.', { type: 'string', maxLength: 200 }),
  Filter: query('filter', 'A condition tree as JSON, for and/or/not, related records and paths over relations.'),
  GroupBy: query(
    'groupBy',
    'Keys of the groups, joined by commas: `stage,month(close_date)`; one group of all records when absent.',
  ),
  CountOf: query('count', '`*` for the records, names of fields for values that are there.', { type: 'string', default: '*' }),
  Sum: query('sum', 'Fields to add up, joined by commas.'),
  Avg: query('avg', 'Fields to take the average of.'),
  Min: query('min', 'Fields to take the least value of.'),
  Max: query('max', 'Fields to take the greatest value of.'),
  GroupSort: query('sort', 'Keys and figures, `-` for descending: `-sum(amount),stage`; the keys when absent.'),
  GroupLimit: query('limit', 'Groups at most.', { type: 'integer', minimum: 1, maximum: maxGroups, default: 100 }),
  TimeZone: query('timeZone', 'Where days begin, an IANA name.', { type: 'string', default: 'UTC' }),
  Deleted: query('deleted', 'Whether deleted records are found.', {
    type: 'string',
    enum: ['live', 'only', 'with'],
    default: 'live',
  }),
  MaxAffected: query('maxAffected', 'How many records a change by a filter may affect: when more match, nothing is done (409).', {
    type: 'integer',
    minimum: 1,
    maximum: maxRecords,
  }),
  DryRun: query(
    'dryRun',
    '`true`: everything is checked and worked out, and the answer tells what would be, but nothing is written; no Idempotency-Key is needed.',
    {
      type: 'boolean',
      default: false,
    },
  ),
  OnConflict: query('onConflict', 'A unique field: a live record with the same value is updated instead.'),
  Purge: query('purge', '`true` deletes for good.', { type: 'boolean', default: false }),
  IdempotencyKey: header('Idempotency-Key', 'A fresh key, e.g. a UUID; the same again only to repeat the same request.', true, {
    type: 'string',
    minLength: 1,
    maxLength: 255,
  }),
  IfMatch: header('If-Match', 'The version that is meant to be changed, e.g. `"7"`.', false),
  IfNoneMatch: header('If-None-Match', 'A version that the caller has: 304 when it is still the one.', false),
  Prefer: header(
    'Prefer',
    '`return=minimal`: no body. `handling=strict`: refused (409) where there may be such a record already, instead of warned of.',
    false,
  ),
  SearchText: { ...query('q', 'Words to look for.', { type: 'string', minLength: 1, maxLength: 200 }), required: true },
  SearchLimit: query('limit', 'Most records.', {
    type: 'integer',
    minimum: searchLimit.min,
    maximum: searchLimit.max,
    default: searchLimit.absent,
  }),
  SearchEntities: query('entities', 'Plural names of the entities to look into, joined by commas.'),
};

export const parameterRef = (name: keyof typeof parameters) => ({ $ref: `#/components/parameters/${name}` });
export const headerRefs = (...names: readonly (keyof typeof headers)[]) =>
  Object.fromEntries(names.map((name) => [headerNames[name], { $ref: `#/components/headers/${name}` }]));

const headerNames: Readonly<Record<keyof typeof headers, string>> = {
  ETag: 'ETag',
  Location: 'Location',
  Link: 'Link',
  TotalCount: 'X-Total-Count',
  Replayed: 'Idempotent-Replayed',
};
