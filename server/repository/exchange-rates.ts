// Dated exchange rates to the base currency, as the platform keeps them.
import type Big from 'big.js';
import { decimalOf } from '../conditions/values.ts';
import { exchangeRateSql } from '../tables/exchange-rate-sql.ts';
import { run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

/**
 * What one unit of `currency` is worth in the base currency on a day: the newest rate that is in force then.
 * @param day `YYYY-MM-DD`
 * @returns undefined when there is none
 */
export async function rateOf(context: TransactionContext, currency: string, day: string): Promise<Big | undefined> {
  const sql = exchangeRateSql(context.registry, '$1::text', '$2::date');
  if (sql === undefined) return undefined;
  const [row] = await run<{ rate: string | null }>(context.transaction, {
    text: `SELECT ${sql} AS rate`,
    values: [currency, day],
  });
  return decimalOf(row?.rate ?? null);
}
