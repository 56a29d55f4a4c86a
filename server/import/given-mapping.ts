// A mapping that a client sends along: its shape, checked before anything looks into it.
import { Ajv } from 'ajv';
import type { ImportMappingMetadata } from '../metadata/types.ts';
import { type Issue, problem } from '../problem.ts';

const invalid = { enum: ['rejectRow', 'rejectField'] };

/** How texts are read, of the whole file or of one column. */
const texts = {
  dateFormats: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 60 } },
  decimalSeparator: { enum: ['.', ','] },
  timeZone: { type: 'string', format: 'time-zone' },
  listSeparator: { type: 'string', minLength: 1, maxLength: 3 },
  decimals: { type: 'integer', minimum: 0, maximum: 8 },
};

/** As in a mapping file; `id` and `entity` may be left out here. */
const schema = {
  type: 'object',
  properties: {
    $schema: {},
    id: { type: 'string' },
    entity: { type: 'string' },
    label: { type: 'object' },
    upsertOn: { type: ['string', 'null'] },
    duplicates: {
      type: 'object',
      properties: { block: { enum: ['reject', 'skip', 'update'] }, warn: { enum: ['create', 'reject', 'skip', 'update'] } },
      additionalProperties: false,
    },
    onInvalid: invalid,
    format: {
      type: 'object',
      properties: { ...texts, delimiter: { type: 'string', minLength: 1, maxLength: 1 } },
      additionalProperties: false,
    },
    fields: {
      type: 'object',
      minProperties: 1,
      additionalProperties: {
        type: 'object',
        properties: {
          column: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }] },
          value: {},
          map: { type: 'object', additionalProperties: { type: 'string' } },
          match: { type: 'string' },
          format: { type: 'object', properties: texts, additionalProperties: false },
          onInvalid: invalid,
        },
        additionalProperties: false,
      },
    },
  },
  required: ['fields'],
  additionalProperties: false,
};

const validate = new Ajv({ allErrors: true, formats: { 'time-zone': isTimeZone } }).compile(schema);

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * @param pointer where it stands in the request
 * @throws problem `validation_failed` with a finding for each part that is no mapping
 */
export function givenMapping(given: unknown, entity: string, pointer: string): ImportMappingMetadata {
  if (!validate(given)) {
    const errors: Issue[] = (validate.errors ?? []).map((error) => ({
      pointer: pointer + error.instancePath,
      code: error.keyword,
      detail: `${error.message ?? 'not valid'} ${Object.values(error.params).flat().join(', ')}`.trim(),
    }));
    throw problem('validation_failed', { detail: 'The mapping is not valid.', errors });
  }
  return { id: 'given', entity, ...(given as Pick<ImportMappingMetadata, 'fields'>) };
}
