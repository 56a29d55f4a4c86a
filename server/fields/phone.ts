// phone: a telephone number, stored as E.164; national numbers are read in the record's country, or in that of what it refers to.
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { defineFieldType } from './define-field-type.ts';
import type { FieldMetadata, FieldType, ParseContext, Parsed } from './field-type.ts';
import { accepted, refused } from './outcome.ts';
import { readText } from './text-value.ts';

const longest = 40;

/** The first country that the paths of the field's `regionFrom` lead to, else the application's. */
async function regionOf(field: FieldMetadata, context: ParseContext): Promise<CountryCode | undefined> {
  const paths = Array.isArray(field['regionFrom']) ? (field['regionFrom'] as string[]) : [];
  for (const path of paths) {
    const region = countryIn(await context.value(path));
    if (region !== undefined) return region;
  }
  return countryIn(context.defaultRegion);
}

function countryIn(value: unknown): CountryCode | undefined {
  const code = typeof value === 'string' ? value.trim().toUpperCase() : '';
  return isSupportedCountry(code) ? code : undefined;
}

/** Written with its country code: full-width digits and signs are the same ones. */
const isInternational = (written: string): boolean => /^[+＋]/.test(written);

async function parse(value: unknown, field: FieldMetadata, context: ParseContext): Promise<Parsed> {
  const read = readText(value);
  if ('issues' in read) return read;
  const written = read.text.trim();
  if (written === '' || written.length > longest) return refused('format', `A phone number has 1 to ${longest} characters.`);
  const region = isInternational(written) ? undefined : await regionOf(field, context);
  const number = parsePhoneNumberFromString(written, { ...(region ? { defaultCountry: region } : {}), extract: false });
  if (number === undefined || !number.isValid()) {
    const where = region === undefined ? '' : ` in ${region}`;
    return refused('phone', `This is not a valid phone number${where}; write it with its country code, like +442079460958.`);
  }
  if (number.ext !== undefined) return refused('phone', 'Extensions cannot be kept here; give the number without one.');
  return accepted(number.number);
}

export const phone: FieldType = defineFieldType({
  name: 'phone',
  label: { en: 'Phone', ar: 'الهاتف', he: 'טלפון' },
  kind: 'text',
  settings: {
    regionFrom: {
      type: 'array',
      items: { type: 'string', pattern: '^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*){0,4}$' },
      maxItems: 8,
      uniqueItems: true,
    },
  },
  widget: 'phone',
  jsonSchema: () => ({ type: 'string', minLength: 1, maxLength: longest }),
  parse,
  fromText: (cell) => ({ value: cell.trim() }),
});
