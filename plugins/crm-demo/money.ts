// Amounts as whole cents while they are added up, as texts when they are stored.

export const cents = (text: string): number => Math.round(Number(text) * 100);
export const amount = (value: number): string => (value / 100).toFixed(2);

/** An amount and its currency, under the name of a money field. */
export const money = (name: string, value: number, currency: string): Record<string, string> => ({
  [name]: amount(value),
  [`${name}_currency`]: currency,
});
