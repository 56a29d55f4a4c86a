// Amounts with more decimals than their currency has: refused, whichever of the two was set.
import { currencyByCode } from '../fields/currency.ts';
import type { Entity } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import type { RecordValues } from './records.ts';

/** @param touched whether the write sets the field */
export function minorUnitIssues(entity: Entity, after: RecordValues, touched: (name: string) => boolean): readonly Issue[] {
  return [...entity.fields.values()].flatMap((field) => {
    const currencyField = `${field.name}_currency`;
    if (field.type.name !== 'money' || field.computed !== undefined || field.meta['fractions'] === true) return [];
    if (!touched(field.name) && !touched(currencyField)) return [];
    const currency = currencyByCode(String(after[currencyField] ?? ''));
    const amount = after[field.name];
    if (currency === undefined || typeof amount !== 'string') return [];
    const decimals = /\.(\d*?)0*$/.exec(amount)?.[1]?.length ?? 0;
    if (decimals <= currency.digits) return [];
    const most = currency.digits === 0 ? 'no decimals' : `at most ${currency.digits} decimals`;
    return [{ pointer: `/${field.name}`, code: 'minor_units', detail: `An amount in ${currency.code} has ${most}.` }];
  });
}
