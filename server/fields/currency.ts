// currency: an ISO 4217 code.
import currencyCodes from 'currency-codes';
import { defineFieldType } from './define-field-type.ts';
import type { FieldType } from './field-type.ts';
import { accepted, refused } from './outcome.ts';

export interface Currency {
  readonly code: string;
  /** Digits of the minor unit, from the ISO list (Intl differs for many). */
  readonly digits: number;
  readonly name: string;
}

/** All currencies of the ISO 4217 list, by code. */
export const currencies: ReadonlyMap<string, Currency> = new Map(
  currencyCodes.data.map(({ code, digits, currency: name }) => [code, { code, digits, name }]),
);

export const currencyByCode = (code: string): Currency | undefined => currencies.get(code);

export const currency: FieldType = defineFieldType({
  name: 'currency',
  label: { en: 'Currency', ar: 'العملة', he: 'מטבע' },
  kind: 'text',
  settings: {},
  widget: 'currency',
  jsonSchema: () => ({ type: 'string', enum: [...currencies.keys()] }),
  parse: (value) => {
    if (typeof value !== 'string') return refused('type', 'Expected a currency code like "EUR".');
    return currencies.has(value) ? accepted(value) : refused('currency', 'This is not an ISO 4217 currency code like "EUR".');
  },
  fromText: (cell) => ({ value: cell.trim().toUpperCase() }),
});
