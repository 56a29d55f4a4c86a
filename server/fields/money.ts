// money: an exact amount; its currency is the flat field `<name>_currency` beside it.
import { currencyByCode } from './currency.ts';
import { decimalFaces } from './decimal-value.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldType, Label } from './field-type.ts';

const faces = decimalFaces({ precision: 19, scale: 2 });
const currencyWord: Label = { en: 'currency', ar: 'العملة', he: 'מטבע' };

/** `{ "en": "Amount" }` → `{ "en": "Amount (currency)" }` */
const currencyLabel = (label: Label): Label =>
  Object.fromEntries(
    Object.entries(label).map(([language, text]) => [language, `${text} (${currencyWord[language] ?? currencyWord['en']})`]),
  );

export const money: FieldType = defineFieldType({
  ...faces,
  name: 'money',
  label: { en: 'Money', ar: 'مبلغ مالي', he: 'סכום כסף' },
  settings: { ...faces.settings, currency: { type: 'string', pattern: '^[A-Z]{3}$' } },
  widget: 'money',
  implied: (field) => ({
    _currency: {
      id: `${field.id}_currency`,
      type: 'currency',
      label: currencyLabel(field.label),
      ...(field['currency'] === undefined ? {} : { default: field['currency'] }),
      ...(field.readOnly === undefined ? {} : { readOnly: field.readOnly }),
      ...(field.privacy === undefined ? {} : { privacy: field.privacy }),
      ...(field.visibleWhen === undefined ? {} : { visibleWhen: field.visibleWhen }),
      ...(field.readOnlyWhen === undefined ? {} : { readOnlyWhen: field.readOnlyWhen }),
    },
  }),
  check: (field) => [
    ...faces.check(field),
    ...(field['currency'] === undefined || currencyByCode(String(field['currency'])) !== undefined
      ? []
      : [{ pointer: '/currency', detail: `"${field['currency']}" is not an ISO 4217 currency.` }]),
  ],
});
