// What formulas and roll-ups may result in: each is then a read-only field of that type to everybody.
import { boolean } from './boolean.ts';
import { date } from './date.ts';
import { dateTime } from './date-time.ts';
import { decimal } from './decimal.ts';
import type { FieldMetadata, FieldType } from './field-type.ts';
import { integer } from './integer.ts';
import { longText } from './long-text.ts';
import { money } from './money.ts';
import { percent } from './percent.ts';
import { text } from './text.ts';

const results: readonly FieldType[] = [text, longText, integer, decimal, percent, money, boolean, date, dateTime];

export const numericResults: readonly string[] = [integer, decimal, percent, money].map(({ name }) => name);
export const resultNames: readonly string[] = results.map(({ name }) => name);

/** The type that `returns` names; decimal where it names none (which the shape of the file has refused). */
export const resultType = (field: FieldMetadata, otherwise: FieldType = decimal): FieldType =>
  results.find(({ name }) => name === field['returns']) ?? otherwise;
