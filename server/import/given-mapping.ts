// A mapping that a client sends along: its shape, checked before anything looks into it.
import { Ajv } from 'ajv';
import type { ImportMappingMetadata } from '../metadata/types.ts';
import { type Issue, problem } from '../problem.ts';

const invalid = { enum: ['rejectRow', 'rejectField'] };

/** As in a mapping file; `id`, `entity` and `upsertOn` may be left out here. */
const schema = {
  type: 'object',
  properties: {
    $schema: {},
    id: { type: 'string' },
    entity: { type: 'string' },
    label: { type: 'object' },
    upsertOn: { type: 'string' },
    onInvalid: invalid,
    format: {
      type: 'object',
      properties: {
        dateFormats: { type: 'array', items: { type: 'string' } },
        decimalSeparator: { enum: ['.', ','] },
        timeZone: { type: 'string' },
        delimiter: { type: 'string', minLength: 1, maxLength: 1 },
        listSeparator: { type: 'string', minLength: 1 },
      },
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
          onInvalid: invalid,
        },
        additionalProperties: false,
      },
    },
  },
  required: ['fields'],
  additionalProperties: false,
};

const validate = new Ajv({ allErrors: true }).compile(schema);

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
  return {
    id: 'given',
    entity,
    upsertOn: 'external_id',
    ...(given as Partial<ImportMappingMetadata>),
  } as ImportMappingMetadata;
}
