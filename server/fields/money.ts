// money: an exact amount; its currency is the flat field `<name>_currency` beside it.
import { currencyByCode } from './currency.ts';
import { decimalFaces } from './decimal-value.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldType, Label } from './field-type.ts';

/** After the name of an amount: its value in the base currency. */
export const baseSuffix = '_base';

const faces = decimalFaces({ precision: 19, scale: 2 });
/** The amount in the base currency, by the rate of its day. */
const baseWord: Label = { en: 'base currency', ar: 'العملة الأساسية', he: 'מטבע הבסיס' };
const currencyWord: Label = { en: 'currency', ar: 'العملة', he: 'מטבע' };

/** `{ "en": "Amount" }` → `{ "en": "Amount (currency)" }` */
const withWord = (label: Label, word: Label): Label =>
  Object.fromEntries(Object.entries(label).map(([language, text]) => [language, `${text} (${word[language] ?? word['en']})`]));

export const money: FieldType = defineFieldType({
  ...faces,
  name: 'money',
  label: { en: 'Money', ar: 'مبلغ مالي', he: 'סכום כסף' },
  settings: {
    ...faces.settings,
    currency: { type: 'string', pattern: '^[A-Z]{3}$' },
    converted: { type: 'boolean', description: 'It is also kept in the base currency, as <name>_base.' },
    currencyFrom: {
      type: 'string',
      description:
        'A currency field that the amount is in: of the record (`currency`), or of one it belongs to (`order.currency`).',
    },
    rateDate: { type: 'string', description: 'The date field whose exchange rate counts; absent: the day of creation.' },
    fractions: {
      type: 'boolean',
      description: 'Amounts may have more decimals than their currency, as prices of single units do.',
    },
  },
  widget: 'money',
  implied: (field) => ({
    _currency: {
      id: `${field.id}_currency`,
      type: 'currency',
      label: withWord(field.label, currencyWord),
      ...(field['currency'] === undefined ? {} : { default: field['currency'] }),
      ...(field.readOnly === true || field['currencyFrom'] !== undefined ? { readOnly: true } : {}),
      ...(field.privacy === undefined ? {} : { privacy: field.privacy }),
      ...(field.visibleWhen === undefined ? {} : { visibleWhen: field.visibleWhen }),
      ...(field.readOnlyWhen === undefined ? {} : { readOnlyWhen: field.readOnlyWhen }),
    },
    ...(field['converted'] === true
      ? {
          [baseSuffix]: {
            id: `${field.id}${baseSuffix}`,
            type: 'decimal',
            label: withWord(field.label, baseWord),
            precision: 38,
            scale: field.scale ?? 2,
            readOnly: true,
            ...(field.privacy === undefined ? {} : { privacy: field.privacy }),
          },
        }
      : {}),
  }),
  check: (field) => [
    ...faces.check(field),
    ...(field['currency'] === undefined || currencyByCode(String(field['currency'])) !== undefined
      ? []
      : [{ pointer: '/currency', detail: `"${field['currency']}" is not an ISO 4217 currency.` }]),
    ...(field['currency'] === undefined || field['currencyFrom'] === undefined
      ? []
      : [{ pointer: '/currencyFrom', detail: 'Give "currency" or "currencyFrom", not both.' }]),
  ],
});
