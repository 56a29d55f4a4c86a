// address: street, city, state, postal code and country; a postal code can be held to its country's form.
import { postcodeValidator, postcodeValidatorExistsForCountry } from 'postcode-validator';
import { countryCodes } from './country-codes.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldIssue, FieldMetadata, FieldType } from './field-type.ts';
import { refused } from './outcome.ts';
import { missingParts, partsFaces, readPart, readParts, requiredParts, type TextPart } from './parts-value.ts';

const parts = {
  street: { label: { en: 'Street', ar: 'الشارع', he: 'רחוב' }, maxLength: 500 },
  city: { label: { en: 'City', ar: 'المدينة', he: 'עיר' }, maxLength: 120 },
  state: { label: { en: 'State or region', ar: 'الولاية أو المنطقة', he: 'מדינה או מחוז' }, maxLength: 120 },
  postal_code: { label: { en: 'Postal code', ar: 'الرمز البريدي', he: 'מיקוד' }, maxLength: 20 },
  country: { label: { en: 'Country', ar: 'البلد', he: 'ארץ' }, maxLength: 2 },
} satisfies Record<string, TextPart>;
const faces = partsFaces(parts);

function readCountry(value: unknown) {
  const read = readPart(value, { ...parts.country, maxLength: 20 });
  if ('issues' in read || read.value === null) return read;
  const code = read.value.trim().toUpperCase();
  return countryCodes.has(code)
    ? { value: code }
    : refused('country', 'Expected a country code of two letters like "SE" (ISO 3166-1).');
}

/** A postal code that its country cannot have; countries without such codes, or without a known form, take any. */
function postalCodeIssues(columns: Readonly<Record<string, string | null>>, field: FieldMetadata): readonly FieldIssue[] {
  const { _country: country, _postal_code: code } = columns;
  if (field['checkPostalCode'] !== true || country == null || code == null) return [];
  if (!postcodeValidatorExistsForCountry(country) || postcodeValidator(code, country)) return [];
  return [{ path: '/postal_code', code: 'postal_code', detail: `"${code}" is not a postal code of ${country}.` }];
}

function parse(value: unknown, field: FieldMetadata) {
  const read = readParts(value, 'An address', parts, (name, part) =>
    name === 'country' ? readCountry(part) : readPart(part, parts[name as keyof typeof parts]),
  );
  if ('issues' in read) return read;
  const issues = [...missingParts(read.columns, field), ...postalCodeIssues(read.columns, field)];
  return issues.length > 0 ? { issues } : read;
}

export const address: FieldType = defineFieldType({
  ...faces,
  name: 'address',
  label: { en: 'Address', ar: 'عنوان', he: 'כתובת' },
  settings: { ...requiredParts(parts), checkPostalCode: { type: 'boolean' } },
  widget: 'address',
  jsonSchema: (field) => {
    const schema = faces.jsonSchema(field);
    const properties = schema['properties'] as Readonly<Record<string, object>>;
    return { ...schema, properties: { ...properties, country: { ...properties['country'], maxLength: 10 } } };
  },
  parse,
  fromText: () => refused('address', 'An address is imported part by part (street, city, …).'),
});
