// SQL: the exchange rate of a currency to the base currency on a day.
import type { Registry } from '../metadata/registry.ts';
import { quoteName, quoteText } from './names.ts';

/** The platform entity that keeps them; an application without it converts nothing. */
const ratesEntity = 'exchange_rates';

/** A scalar subquery, null without a rate. @param currency @param day expressions of type text and date */
export function exchangeRateSql(registry: Registry, currency: string, day: string): string | undefined {
  const rates = registry.entities.get(ratesEntity);
  const column = (name: string): string => `r.${quoteName(rates?.fields.get(name)?.columns[0]?.name ?? name)}`;
  if (rates === undefined) return undefined;
  const base = quoteText(registry.app.baseCurrency);
  return `(SELECT ${column('rate')} FROM ${rates.qualifiedTable} r WHERE ${column('from_currency')} = ${currency} AND ${column('to_currency')} = ${base} AND ${column('valid_from')} <= ${day} AND r."deleted_at" IS NULL ORDER BY ${column('valid_from')} DESC LIMIT 1)`;
}
