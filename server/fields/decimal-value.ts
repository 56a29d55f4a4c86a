// Exact decimals: reading, limits and faces that decimal, money and percent share. No value ever passes through a float.
import Big from 'big.js';
import { decimalOf } from '../conditions/values.ts';
import type { ColumnSpec, FieldIssue, FieldMetadata, FieldType, JsonSchema, Parsed, TextFormat } from './field-type.ts';
import { plainNumber } from './number-text.ts';
import { accepted, refused } from './outcome.ts';

export interface DecimalShape {
  readonly precision: number;
  readonly scale: number;
}

/** Digits in all and after the point, from the settings or the type's defaults. */
const shapeOf = (field: FieldMetadata, defaults: DecimalShape): DecimalShape => ({
  precision: field.precision ?? defaults.precision,
  scale: field.scale ?? defaults.scale,
});

const decimalSettings: Readonly<Record<string, JsonSchema>> = {
  precision: { type: 'integer', minimum: 1, maximum: 38 },
  scale: { type: 'integer', minimum: 0, maximum: 18 },
  min: { type: ['string', 'number'] },
  max: { type: ['string', 'number'] },
};

const decimalColumns = ({ precision, scale }: DecimalShape): readonly ColumnSpec[] => [
  { suffix: '', type: `numeric(${precision},${scale})`, kind: 'decimal' },
];

/** Exact as text: JSON numbers would lose digits in most clients. */
const decimalJson = (column: (suffix: string) => string): string => `${column('')}::text`;

/** A JSON number has been through a double; beyond 15 significant digits it may not be what was sent. */
const reliableDigits = 15;

/** A decimal string or JSON number, exact, or issues. */
export function readDecimal(value: unknown): { readonly decimal: Big } | { readonly issues: readonly FieldIssue[] } {
  const decimal = decimalOf(typeof value === 'string' ? value.trim() : value);
  if (decimal === undefined) return refused('type', 'Expected a decimal number, as text like "1234.50".');
  if (typeof value === 'number' && decimal.c.length > reliableDigits) {
    return refused('type', `A number of more than ${reliableDigits} digits must be sent as text, or it loses digits.`);
  }
  return { decimal };
}

/** Parses, checks digits and bounds exactly, and refuses rather than rounds. */
function parseDecimal(value: unknown, field: FieldMetadata, { precision, scale }: DecimalShape): Parsed {
  const read = readDecimal(value);
  if ('issues' in read) return read;
  const { decimal } = read;
  if (!decimal.round(scale, Big.roundDown).eq(decimal)) return refused('scale', `At most ${scale} digits after the point.`);
  if (decimal.abs().gte(new Big(10).pow(precision - scale)))
    return refused('precision', `At most ${precision - scale} digits before the point.`);
  return boundIssue(decimal, field) ?? accepted(decimal.eq(0) ? '0' : decimal.toFixed());
}

/** Compares exactly with `min` and `max`. */
export function boundIssue(decimal: Big, field: FieldMetadata): { readonly issues: readonly FieldIssue[] } | undefined {
  const [min, max] = [decimalOf(field.min), decimalOf(field.max)];
  if (min !== undefined && decimal.lt(min)) return refused('min', `At least ${min.toFixed()}.`);
  if (max !== undefined && decimal.gt(max)) return refused('max', `At most ${max.toFixed()}.`);
  return undefined;
}

function decimalSchema(field: FieldMetadata, { precision, scale }: DecimalShape): JsonSchema {
  const [min, max] = [decimalOf(field.min), decimalOf(field.max)];
  const whole = `0*\\d{1,${precision - scale}}`;
  return {
    type: ['string', 'number'],
    pattern: `^\\s*[+-]?${whole}${scale === 0 ? '(\\.0+)?' : `(\\.\\d{1,${scale}}0*)?`}\\s*$`,
    // For the numeric form only; the textual one is compared by `parse`.
    ...(min === undefined ? {} : { minimum: Number(min) }),
    ...(max === undefined ? {} : { maximum: Number(max) }),
  };
}

export function decimalFromText(text: string, format: TextFormat) {
  const plain = plainNumber(text, format.decimalSeparator ?? '.');
  return plain === undefined ? refused('number', `"${text}" is not a number.`) : { value: plain };
}

/** Contradictions of precision, scale, min and max. */
function checkDecimalSettings(field: FieldMetadata, shape: DecimalShape): readonly { pointer: string; detail: string }[] {
  const found: { pointer: string; detail: string }[] = [];
  if (shape.scale >= shape.precision) {
    found.push({
      pointer: '/scale',
      detail: `scale ${shape.scale} leaves no digit before the point in precision ${shape.precision}.`,
    });
  }
  return [...found, ...checkBounds(field)];
}

/** Bounds that are no numbers, or cross. */
export function checkBounds(field: FieldMetadata): readonly { pointer: string; detail: string }[] {
  const found: { pointer: string; detail: string }[] = [];
  for (const bound of ['min', 'max'] as const) {
    if (field[bound] !== undefined && decimalOf(field[bound]) === undefined) {
      found.push({ pointer: `/${bound}`, detail: `"${field[bound]}" is not a number.` });
    }
  }
  const [min, max] = [decimalOf(field.min), decimalOf(field.max)];
  if (min !== undefined && max !== undefined && min.gt(max)) {
    found.push({ pointer: '/min', detail: `min ${min.toFixed()} is more than max ${max.toFixed()}.` });
  }
  return found;
}

/** The faces that decimal, percent and money share; they differ in the precision and scale used when the field states none. */
export function decimalFaces(
  defaults: DecimalShape,
): Pick<FieldType, 'kind' | 'settings' | 'columns' | 'jsonSchema' | 'parse' | 'fromText' | 'json'> &
  Required<Pick<FieldType, 'check'>> {
  const shape = (field: FieldMetadata): DecimalShape => shapeOf(field, defaults);
  return {
    kind: 'decimal',
    settings: decimalSettings,
    columns: (field) => decimalColumns(shape(field)),
    jsonSchema: (field) => decimalSchema(field, shape(field)),
    parse: (value, field) => parseDecimal(value, field, shape(field)),
    fromText: (cell, _field, format) => decimalFromText(cell, format),
    json: decimalJson,
    check: (field) => checkDecimalSettings(field, shape(field)),
  };
}
