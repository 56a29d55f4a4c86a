// phone: a telephone number, stored as E.164; national numbers are read in the record's country.
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { trimmedCell } from './cell-text.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldMetadata, FieldType, ParseContext } from './field-type.ts';
import { accepted, refused } from './outcome.ts';
import { readText } from './text-value.ts';

const longest = 40;

/** The country that the field's `defaultRegionFrom` names in the record, else the application's. */
function regionOf(field: FieldMetadata, context: ParseContext): CountryCode | undefined {
  const from = field['defaultRegionFrom'];
  const named = typeof from === 'string' ? context.value(from) : undefined;
  const candidates = [named, context.defaultRegion].map((region) =>
    typeof region === 'string' ? region.trim().toUpperCase() : '',
  );
  return candidates.find((region): region is CountryCode => isSupportedCountry(region));
}

function parse(value: unknown, field: FieldMetadata, context: ParseContext) {
  const read = readText(value);
  if ('issues' in read) return read;
  const written = read.text.trim();
  if (written === '' || written.length > longest) return refused('format', `A phone number has 1 to ${longest} characters.`);
  const region = regionOf(field, context);
  const number = parsePhoneNumberFromString(written, { ...(region ? { defaultCountry: region } : {}), extract: false });
  if (number === undefined || !number.isValid()) {
    const where = written.startsWith('+') || region === undefined ? '' : ` in ${region}`;
    return refused('phone', `This is not a valid phone number${where}; write it with its country code, like +442079460958.`);
  }
  if (number.ext !== undefined) return refused('phone', 'Extensions cannot be kept here; give the number without one.');
  return accepted(number.number);
}

export const phone: FieldType = defineFieldType({
  name: 'phone',
  label: { en: 'Phone', ar: 'الهاتف', he: 'טלפון' },
  kind: 'text',
  settings: { defaultRegionFrom: { type: 'string', pattern: '^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)?$' } },
  widget: 'phone',
  jsonSchema: () => ({ type: 'string', minLength: 1, maxLength: longest }),
  parse,
  fromText: (cell) => ({ value: trimmedCell(cell) }),
});
