// address: an object in JSON, one column a part. Parts that are not sent stay as they are (merge patch).
import { countryCodes } from './country-codes.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldIssue, FieldType, Label } from './field-type.ts';
import { refused } from './outcome.ts';
import { readText, textIssue } from './text-value.ts';

const parts: Readonly<Record<string, { readonly label: Label; readonly maxLength: number }>> = {
  street: { label: { en: 'Street', ar: 'الشارع', he: 'רחוב' }, maxLength: 500 },
  city: { label: { en: 'City', ar: 'المدينة', he: 'עיר' }, maxLength: 120 },
  state: { label: { en: 'State or region', ar: 'الولاية أو المنطقة', he: 'מדינה או אזור' }, maxLength: 120 },
  postal_code: { label: { en: 'Postal code', ar: 'الرمز البريدي', he: 'מיקוד' }, maxLength: 20 },
  country: { label: { en: 'Country', ar: 'البلد', he: 'מדינה' }, maxLength: 2 },
};
const names = Object.keys(parts);

function readPart(name: string, value: unknown): { readonly value: string | null } | { readonly issues: readonly FieldIssue[] } {
  if (value === null || value === '') return { value: null };
  const read = readText(value);
  if ('issues' in read) return read;
  if (name !== 'country') return textIssue(read.text, parts[name] as { maxLength: number }) ?? { value: read.text };
  const code = read.text.trim().toUpperCase();
  return countryCodes.has(code)
    ? { value: code }
    : refused('country', 'Expected a country code of two letters like "SE" (ISO 3166-1).');
}

function parse(value: unknown) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused('type', `Expected an object with ${names.join(', ')}.`);
  }
  const issues: FieldIssue[] = [];
  const columns: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) {
    const path = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const read = names.includes(name)
      ? readPart(name, part)
      : refused('unknown', `An address has ${names.join(', ')}; not this.`);
    if ('issues' in read) issues.push(...read.issues.map((issue) => ({ ...issue, path })));
    else columns[`_${name}`] = read.value;
  }
  return issues.length > 0 ? { issues } : { columns };
}

export const address: FieldType = defineFieldType({
  name: 'address',
  label: { en: 'Address', ar: 'عنوان', he: 'כתובת' },
  kind: 'json',
  settings: {},
  widget: 'address',
  sortable: false,
  parts: Object.fromEntries(
    names.map((name) => [name, { suffix: `_${name}`, kind: 'text' as const, label: (parts[name] as { label: Label }).label }]),
  ),
  columns: () => names.map((name) => ({ suffix: `_${name}`, type: 'text', kind: 'text' as const })),
  jsonSchema: () => ({
    type: 'object',
    properties: Object.fromEntries(
      names.map((name) => [name, { type: ['string', 'null'], maxLength: name === 'country' ? 10 : parts[name]?.maxLength }]),
    ),
    additionalProperties: false,
  }),
  parse,
  fromText: () => refused('address', 'An address is imported part by part (street, city, …).'),
  json: (column) => {
    const columns = names.map((name) => column(`_${name}`));
    const pairs = names.map((name, at) => `'${name}', ${columns[at]}`).join(', ');
    return `CASE WHEN num_nonnulls(${columns.join(', ')}) > 0 THEN json_build_object(${pairs}) END`;
  },
});
