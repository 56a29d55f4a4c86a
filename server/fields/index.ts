// The catalogue of field types. Built-ins and plugins register the same way.
import { address } from './address.ts';
import { autoNumber } from './auto-number.ts';
import { boolean } from './boolean.ts';
import { color } from './color.ts';
import { currency } from './currency.ts';
import { date } from './date.ts';
import { dateTime } from './date-time.ts';
import { decimal } from './decimal.ts';
import { duration } from './duration.ts';
import { email } from './email.ts';
import type { FieldType } from './field-type.ts';
import { file } from './file.ts';
import { formula } from './formula.ts';
import { geolocation } from './geolocation.ts';
import { id } from './id.ts';
import { image } from './image.ts';
import { integer } from './integer.ts';
import { json } from './json.ts';
import { longText } from './long-text.ts';
import { money } from './money.ts';
import { multiSelect } from './multi-select.ts';
import { percent } from './percent.ts';
import { personName } from './person-name.ts';
import { phone } from './phone.ts';
import { rating } from './rating.ts';
import { reference } from './reference.ts';
import { richText } from './rich-text.ts';
import { rollup } from './rollup.ts';
import { secret } from './secret.ts';
import { select } from './select.ts';
import { text } from './text.ts';
import { time } from './time.ts';
import { url } from './url.ts';

const builtIn: readonly FieldType[] = [
  text,
  longText,
  richText,
  email,
  phone,
  url,
  integer,
  decimal,
  percent,
  money,
  currency,
  boolean,
  date,
  dateTime,
  time,
  duration,
  select,
  multiSelect,
  rating,
  autoNumber,
  formula,
  rollup,
  color,
  address,
  personName,
  geolocation,
  json,
  file,
  image,
  reference,
  secret,
  id,
];

/**
 * The built-in types and those of plugins, by name.
 * @param extra further types; a plugin makes them with `defineFieldType`
 * @throws Error when a name is taken: a plugin adds types, it does not replace them
 */
export function fieldTypeCatalogue(extra: readonly FieldType[] = []): ReadonlyMap<string, FieldType> {
  const catalogue = new Map<string, FieldType>();
  for (const type of [...builtIn, ...extra]) {
    if (catalogue.has(type.name)) throw new Error(`The field type "${type.name}" is registered twice.`);
    catalogue.set(type.name, type);
  }
  return catalogue;
}

/** The built-in types. */
export const fieldTypes: ReadonlyMap<string, FieldType> = fieldTypeCatalogue();
