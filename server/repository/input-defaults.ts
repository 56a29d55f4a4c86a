// What an input leaves open: defaults of a new record, its owner, and the currency of an amount.
import type { Entity } from '../metadata/registry.ts';
import { authorOf } from './actor.ts';
import type { Context } from './context.ts';
import { emptyRollups } from './empty-rollups.ts';
import { type RecordValues, recordFields } from './records.ts';

/** A record without any value, and without anything related to it. */
export const blank = (entity: Entity): Record<string, unknown> => ({
  ...Object.fromEntries(recordFields(entity).map((field) => [field.name, null])),
  ...emptyRollups(entity).values,
});

/** Values for fields that the input does not mention. An owner not given is the caller. */
export function defaultsFor(context: Context, entity: Entity, input: RecordValues): RecordValues {
  const defaults: Record<string, unknown> = {};
  for (const field of entity.fields.values()) {
    if (field.meta.default !== undefined && !field.system && input[field.name] === undefined)
      defaults[field.name] = field.meta.default;
  }
  const owner = entity.meta.ownership?.owner;
  const author = authorOf(context.actor);
  if (owner !== undefined && author !== null && (input[owner] ?? null) === null) defaults[owner] = author;
  return defaults;
}

/** An amount without a currency, which does not follow from elsewhere, is one of the base currency. */
export function currenciesFor(context: Context, entity: Entity, after: RecordValues): RecordValues {
  const names = [...entity.fields.values()]
    .filter((field) => field.type.name === 'money' && field.computed === undefined && (after[field.name] ?? null) !== null)
    .map((field) => `${field.name}_currency`)
    .filter(
      (name) => entity.fields.get(name)?.computed === undefined && entity.fields.has(name) && (after[name] ?? null) === null,
    );
  return Object.fromEntries(names.map((name) => [name, context.registry.app.baseCurrency]));
}
