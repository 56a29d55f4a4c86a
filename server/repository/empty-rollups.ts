// The roll-ups of a record that nothing is related to yet.

import Big from 'big.js';
import { rollupsOf } from '../metadata/computed.ts';
import type { Entity } from '../metadata/registry.ts';
import { columnName } from './columns.ts';
import { asStored } from './derived.ts';
import type { RecordValues } from './records.ts';

/** Counts and sums are zero; there is no smallest, largest or average value of nothing. */
export function emptyRollups(entity: Entity): { readonly values: RecordValues; readonly columns: RecordValues } {
  const values: Record<string, unknown> = {};
  const columns: Record<string, unknown> = {};
  for (const field of rollupsOf(entity)) {
    const counts = ['count', 'sum'].includes(field.computed.calculate);
    values[field.name] = counts ? asStored(field, new Big(0)) : null;
    columns[columnName(field)] = values[field.name];
    for (const { name } of field.kept ?? []) columns[name] = '0';
  }
  return { values, columns };
}
