// Validates in the browser without compiling code (the page's CSP forbids eval), behind rjsf's ValidatorType.
import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import { type RJSFSchema, type RJSFValidationError, toErrorSchema, type ValidationData, type ValidatorType } from '@rjsf/utils';
import type { RecordFormContext } from './form-context.ts';
import { messageOf } from './messages.ts';

type Values = Record<string, unknown>;

const validators = new WeakMap<object, Validator>();

function validatorOf(schema: RJSFSchema): Validator {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const made = new Validator(schema as Schema, '7', false);
  validators.set(schema, made);
  return made;
}

/** Keywords that only report that something below them failed. */
const containers: ReadonlySet<string> = new Set([
  'properties',
  'items',
  'additionalProperties',
  'allOf',
  '$ref',
  'const',
  'if',
  'then',
  'else',
  'false',
]);

const unescaped = (segment: string): string => decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~');
const segmentsOf = (location: string): string[] => location.split('/').slice(1).map(unescaped);

/** The value of the keyword that failed, e.g. 100 for `#/properties/name/maxLength`. */
function limitOf(schema: RJSFSchema, location: string): unknown {
  let at: unknown = schema;
  for (const segment of segmentsOf(location)) {
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[segment] : undefined;
  }
  return at;
}

function toError(schema: RJSFSchema, unit: OutputUnit): RJSFValidationError {
  const missing = unit.keyword === 'required' ? /"([^"]*)"/.exec(unit.error)?.[1] : undefined;
  const path = [...segmentsOf(unit.instanceLocation), ...(missing === undefined ? [] : [missing])];
  const property = `.${path.join('.')}`;
  const message = messageOf(unit.keyword, limitOf(schema, unit.keywordLocation));
  return { name: unit.keyword, property, message, stack: `${property} ${message}`, schemaPath: unit.keywordLocation };
}

function validate(values: Values | undefined, schema: RJSFSchema): RJSFValidationError[] {
  // What JSON cannot say is not there: the widgets leave undefined behind when they are emptied.
  const plain: unknown = JSON.parse(JSON.stringify(values ?? {}));
  const units = validatorOf(schema)
    .validate(plain)
    .errors.filter((unit) => !containers.has(unit.keyword));
  const seen = new Set<string>();
  return units
    .map((unit) => toError(schema, unit))
    .filter((error) => {
      // One sentence a field is enough; the first is the most telling.
      const fresh = !seen.has(error.property ?? '');
      seen.add(error.property ?? '');
      return fresh;
    });
}

export const validator: ValidatorType<Values, RJSFSchema, RecordFormContext> = {
  validateFormData: (values, schema): ValidationData<Values> => {
    const errors = validate(values, schema);
    return { errors, errorSchema: toErrorSchema<Values>(errors) };
  },
  isValid: (schema, values, rootSchema) =>
    new Validator({ ...(schema as Schema), definitions: rootSchema.definitions }, '7', true).validate(values).valid,
  rawValidation: <Result>(schema: RJSFSchema, values?: Values) => ({ errors: validate(values, schema) as Result[] }),
};
