// Options of fields and of option sets: set as a whole, with what becomes of those that go.
import type { JsonObject } from '../pointer.ts';
import { entityFor, type Member, memberFor, objectFor, objectNamed } from './find.ts';
import { idFor } from './ids.ts';
import { objectKey } from './layers.ts';
import { withMember } from './members.ts';
import { requireNotEngine } from './names.ts';
import { changeOptions, type OptionStep, valuesOf } from './option-uses.ts';
import { memberStep, noteName, noteOrigin } from './origins.ts';
import { withoutNulls } from './overlay.ts';
import { refusal } from './refusal.ts';
import { renameEverywhere } from './rename.ts';
import { withdrawUses } from './retire.ts';
import { labelOf, optionsFrom } from './texts.ts';
import { touch } from './touched-things.ts';
import type { GivenOption, OptionChange } from './types.ts';
import { objectsOf, putObject, removeObject, type Step, type WorkObject } from './work.ts';

type SetOptions = Extract<OptionChange, { readonly op: 'setOptions' }>;

export function setOptions(step: Step<SetOptions>): void {
  const { change, pointer } = step;
  if ('optionSet' in change) {
    if ('entity' in change || 'field' in change)
      throw refusal(`${pointer}/optionSet`, 'invalid', 'Options are those of a field, or those of an option set.');
    setOptionsOf(step, objectFor(step, 'optionSets', 'option set', change.optionSet, '/optionSet'), {});
    return;
  }
  for (const key of ['entity', 'field'] as const)
    if (change[key] === undefined) throw refusal(pointer, 'required', `"${key}" is missing.`);
  const entity = entityFor(step, change.entity);
  setFieldOptions(step, entity, memberFor(step, entity, 'fields', change.field, '/field'));
}

function setFieldOptions(
  step: OptionStep & Step<{ readonly options: readonly GivenOption[] }>,
  entity: WorkObject,
  field: Member,
): void {
  const { work, pointer, change } = step;
  const { optionSet, optionsFrom: from, type, options, id } = field.value;
  if (typeof optionSet === 'string')
    throw refusal(`${pointer}/field`, 'invalid', `The options are those of the option set "${optionSet}": set that one's.`);
  if (from !== undefined || !Object.hasOwn(work.base.fieldTypes.get(String(type))?.settings ?? {}, 'options'))
    throw refusal(`${pointer}/field`, 'invalid', `The field "${field.name}" has no options of its own.`);
  changeOptions(step, { entity, field }, valuesOf(options), valuesOf(change.options));
  const current = work.objects.get(objectKey('entities', entity.id)) ?? entity;
  const { value } = memberFor(step, current, 'fields', field.name, '/field');
  putObject(
    work,
    withMember(current, 'fields', field.name, { ...value, options: optionsFrom(change.options, work.languages, options) }),
  );
  noteOrigin(step, entity, ['fields', memberStep(id), 'options'], ['options']);
  touch(work, { action: 'changed', kind: 'field', id, entityId: entity.id });
}

/** @param more further members of the option set that are given */
function setOptionsOf(step: OptionStep & Step<object>, set: WorkObject, more: JsonObject): void {
  const { work } = step;
  const given = more['options'] ?? (step.change as JsonObject)['options'];
  changeOptions(step, { set }, valuesOf(set.value['options']), valuesOf(given));
  const options = optionsFrom(given, work.languages, set.value['options']);
  const current = work.objects.get(objectKey('optionSets', set.id)) ?? set;
  putObject(work, { ...current, value: withoutNulls({ ...current.value, ...more, options }) });
  noteOrigin(step, set, ['options'], more['options'] === undefined ? ['options'] : ['optionSet', 'options']);
  touch(work, { action: 'changed', kind: 'optionSet', id: set.id });
}

export function setOptionSet(step: Step<Extract<OptionChange, { readonly op: 'setOptionSet' }>>): void {
  const { work, pointer, change } = step;
  const { name, id: givenId, label, ...rest } = change.optionSet;
  const same = objectsOf(work, 'optionSets').find(({ id }) => id === givenId);
  const twin = objectNamed(step, 'optionSets', name);
  const found = same ?? (givenId === undefined ? twin : undefined);
  if (twin !== undefined && twin !== found)
    throw refusal(`${pointer}/optionSet/name`, 'taken', `"${name}" is already the name of an option set.`);
  if (found === undefined) {
    const id = idFor(step, { prefix: 'optionSets', name, given: givenId, pointer: `${pointer}/optionSet/id` });
    const options = optionsFrom(rest.options, work.languages);
    const value = withoutNulls({ id, name, label: labelOf(label, work.languages, name), ...rest, options });
    const set: WorkObject = { kind: 'optionSets', id: String(id), value };
    putObject(work, set);
    noteOrigin(step, set, [], ['optionSet'], ['optionSet', 'name']);
    touch(work, { action: 'added', kind: 'optionSet', id });
    return;
  }
  if (found.value['name'] !== name) renameSet(step, found, name);
  const current = work.objects.get(objectKey('optionSets', found.id)) ?? found;
  noteOrigin(step, found, [], ['optionSet'], ['optionSet', 'name']);
  setOptionsOf(step, current, { ...rest, ...(label === undefined ? {} : { label: labelOf(label, work.languages) }) });
}

function renameSet(step: Step<unknown>, set: WorkObject, to: string): void {
  requireNotEngine(step, set.id, '/optionSet/name', `the option set "${String(set.value['name'])}"`);
  renameEverywhere(step, [{ kind: 'optionSet', name: String(set.value['name']), to }]);
  noteName(step, set, ['name'], ['optionSet', 'name']);
  touch(step.work, { action: 'renamed', kind: 'optionSet', id: set.id });
}

export function retireOptionSet(step: Step<Extract<OptionChange, { readonly op: 'retireOptionSet' }>>): void {
  const set = objectFor(step, 'optionSets', 'option set', step.change.name, '/name');
  requireNotEngine(step, set.id, '/name', `the option set "${String(set.value['name'])}"`);
  withdrawUses(step, [{ kind: 'optionSet', name: String(set.value['name']) }]);
  removeObject(step.work, set);
  touch(step.work, { action: 'retired', kind: 'optionSet', id: set.id });
}
