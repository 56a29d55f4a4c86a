// Fields: options that exist, settings that do not contradict each other, defaults that are values of their type.
import { didYouMean } from '../../conditions/did-you-mean.ts';
import { resolvedField } from '../compile-fields.ts';
import { pointerOf, step } from '../pointer.ts';
import type { EntityMetadata, FieldMetadata } from '../types.ts';
import { type Check, type CheckSubject, eachTwice } from './subject.ts';

export const checkFields: Check = (subject) => {
  for (const set of subject.source.optionSets) {
    eachTwice(
      set.options.map(({ value }, at) => [value, at] as const),
      (value, at) => subject.report(set, pointerOf('options', at, 'value'), `The option "${value}" stands twice.`),
    );
  }
  for (const entity of subject.source.entities) {
    for (const [name, field] of Object.entries(entity.fields)) checkField(subject, entity, pointerOf('fields', name), field);
  }
};

function checkField(
  { source, fieldTypes, doubtful, report }: CheckSubject,
  entity: EntityMetadata,
  pointer: string,
  field: FieldMetadata,
): void {
  const type = fieldTypes.get(field.type);
  if (type === undefined) return;
  const { optionSet } = field;
  const takesOptions = Object.hasOwn(type.settings, 'optionSet');
  const given = ['options', 'optionSet', 'optionsFrom'].filter((key) => field[key] !== undefined);
  if (given.length > 1)
    report(entity, step(pointer, given[1] ?? ''), `Options come from one place only, not from ${given.join(' and ')}.`);
  if (takesOptions && given.length === 0) report(entity, pointer, 'A choice needs "options", "optionSet" or "optionsFrom".');
  if (optionSet !== undefined && !source.optionSets.some((set) => set.name === optionSet)) {
    if (doubtful(optionSet)) return;
    const hint = didYouMean(
      optionSet,
      source.optionSets.map((set) => set.name),
    );
    report(entity, step(pointer, 'optionSet'), `There is no option set "${optionSet}".${hint}`);
    return;
  }
  for (const issue of type.check?.(resolvedField(source, field)) ?? []) {
    // Options from elsewhere have their findings there.
    if (field.options !== undefined || !issue.pointer.startsWith('/options/'))
      report(entity, pointer + issue.pointer, issue.detail);
  }
  if (field.unique === true && entity.storage !== undefined) {
    report(entity, step(pointer, 'unique'), 'A table in monthly partitions cannot keep a field unique.');
  }
  const columns = type.columns(field);
  for (const key of ['unique', 'index'] as const) {
    const [column] = columns;
    if (field[key] !== true || (columns.length === 1 && column?.kind !== 'json' && column?.kind !== 'set')) continue;
    report(entity, step(pointer, key), `A field of type ${field.type} takes no "${key}".`);
  }
}
