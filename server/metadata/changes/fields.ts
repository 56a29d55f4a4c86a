// Fields: added, changed, renamed, retired.
import type { FieldType } from '../../fields/field-type.ts';
import type { JsonObject } from '../pointer.ts';
import { entityFor, type Member, memberFor, membersOf } from './find.ts';
import { clearFormerNames } from './former-names.ts';
import { idFor } from './ids.ts';
import { objectKey } from './layers.ts';
import { fieldFrom, noteRename, removeMember, requireChangeable, requireCustomisable, withMember } from './members.ts';
import { requireFreeName, requireNotEngine } from './names.ts';
import { changeOptions, valuesOf } from './option-uses.ts';
import { memberStep, noteOrigin } from './origins.ts';
import { patched } from './overlay.ts';
import { renameEverywhere, withFollowing } from './rename.ts';
import { withdrawUses } from './retire.ts';
import { labelOf, optionsFrom, withLabels } from './texts.ts';
import { touch } from './touched-things.ts';
import type { FieldChange } from './types.ts';
import { objectsOf, putObject, type Step } from './work.ts';

type Of<Op extends FieldChange['op']> = Extract<FieldChange, { readonly op: Op }>;

export function addField(step: Step<Of<'addField'>>): void {
  const { work, pointer, change } = step;
  const entity = entityFor(step, change.entity);
  requireCustomisable(step, entity);
  const { name, ...given } = change.field;
  requireFreeName(step, entity, name, '/field/name');
  const home = objectKey('entities', entity.id);
  const id = idFor(step, { prefix: 'field', name, given: given.id, pointer: `${pointer}/field/id`, home });
  putObject(work, withMember(entity, 'fields', name, fieldFrom({ ...given, id }, name, work.languages)));
  clearFormerNames(work, new Set());
  noteOrigin(step, entity, ['fields', memberStep(id)], ['field'], ['field', 'name']);
  touch(work, { action: 'added', kind: 'field', id, entityId: entity.id });
}

const kept: Readonly<Record<string, string>> = {
  id: 'The id of a field stays.',
  name: 'A field is renamed with renameField.',
  retired: 'A field is retired with retireField.',
};

export function changeField(step: Step<Of<'changeField'>>): void {
  const { work, change } = step;
  const entity = entityFor(step, change.entity);
  const { name, value } = memberFor(step, entity, 'fields', change.name);
  requireChangeable(step, kept);
  if (change.set['type'] !== undefined && change.set['type'] !== value['type'])
    requireNotEngine(step, value['id'], '/set/type', `the field "${name}"`);
  const next = changedField(step, { name, value });
  const [before, after] = [value, next].map((field) => optionsOf(step, field));
  const holder = { entity, field: { name, value } };
  if (before !== undefined && after !== undefined) {
    // A default that comes with the new options names none of the old ones.
    const { options, optionSet } = value;
    putObject(work, withMember(entity, 'fields', name, { ...next, options, optionSet }));
    changeOptions({ ...step, change: {} }, holder, before, after);
  }
  const current = work.objects.get(objectKey('entities', entity.id)) ?? entity;
  putObject(work, withMember(current, 'fields', name, next));
  clearFormerNames(work, new Set());
  const path = ['fields', memberStep(value['id'])];
  noteOrigin(step, entity, path, ['set']);
  if (change.unconvertible === 'empty')
    for (const column of columnsOf(step, entity.id, value['id'])) work.emptyUnconvertible.add(column);
  touch(work, { action: 'changed', kind: 'field', id: value['id'], entityId: entity.id });
}

/** Undefined where any value goes. */
function optionsOf({ work }: Step<unknown>, { options, optionSet }: JsonObject): readonly string[] | undefined {
  const set = objectsOf(work, 'optionSets').find(({ value }) => value['name'] === optionSet);
  return set !== undefined ? valuesOf(set.value['options']) : options === undefined ? undefined : valuesOf(options);
}

/** With another type, settings of the old one go that the new one does not take. */
function changedField({ work, change: { set } }: Step<Of<'changeField'>>, { name, value }: Member): JsonObject {
  const texts = withLabels(set, ['label', 'help', 'placeholder'], work.languages);
  const type = work.base.fieldTypes.get(String(set['type'] ?? value['type']));
  const before = work.base.fieldTypes.get(String(value['type']));
  const stale =
    type === before ? [] : Object.keys(before?.settings ?? {}).filter((key) => !Object.hasOwn(type?.settings ?? {}, key));
  const old = Object.fromEntries(Object.entries(value).filter(([key]) => !stale.includes(key)));
  const given = set['options'];
  const options = given === undefined || given === null ? {} : { options: optionsFrom(given, work.languages, value['options']) };
  const next = patched(old, { ...texts, ...options }, name);
  const { index: _, ...unindexed } = next;
  const kept = type !== before && set['index'] === undefined && takesNoIndex(type) ? unindexed : next;
  return kept['label'] === undefined ? { ...kept, label: labelOf(undefined, work.languages, name) } : kept;
}

/** An index is for speed alone: a field whose new type cannot have one does without. */
function takesNoIndex(type: FieldType | undefined): boolean {
  if (type === undefined) return false;
  const bare = { id: 'bare', type: type.name, label: {}, index: true };
  const [column, ...more] = type.columns(bare);
  const refused = type.check?.(bare).some(({ pointer }) => pointer === '/index') === true;
  return refused || column === undefined || more.length > 0 || column.kind === 'json' || column.kind === 'set';
}

function columnsOf({ work }: Step<unknown>, entityId: string, fieldId: unknown): readonly string[] {
  const entity = [...work.base.entities.values()].find(({ id }) => id === entityId);
  const field = [...(entity?.fields.values() ?? [])].find(({ meta }) => meta.id === fieldId);
  if (entity === undefined || field === undefined) return [];
  const implied = Object.keys(field.type.implied?.(field.meta) ?? {}).map((suffix) => entity.fields.get(field.name + suffix));
  return [field, ...implied].flatMap((part) =>
    [...(part?.columns ?? []), ...(part?.kept ?? [])].map(({ suffix }) => `${part?.meta.id}${suffix}`),
  );
}

export function renameField(step: Step<Of<'renameField'>>): void {
  const { work } = step;
  const entity = entityFor(step, step.change.entity);
  const all = withFollowing(
    step,
    (name) => Object.hasOwn(membersOf(entity, 'fields'), name),
    ({ op, entity: of }) => op === 'renameField' && of === step.change.entity,
  );
  const renamed = all.map((one) => ({ one, ...memberFor(one, entity, 'fields', one.change.name) }));
  const going = new Set(renamed.map(({ name }) => name));
  for (const { one, name, value } of renamed) {
    const { to } = one.change;
    requireNotEngine(one, value['id'], '/name', `the field "${name}"`);
    if (!going.has(to)) requireFreeName(one, entity, to, '/to');
  }
  const plural = String(entity.value['plural']);
  renameEverywhere(
    step,
    renamed.map(({ one, name }) => ({ kind: 'field', entity: plural, name, to: one.change.to })),
  );
  for (const { one, name, value } of renamed) {
    work.done.add(one.index);
    noteRename(one, entity, 'fields', { name, value });
  }
}

export function retireField(step: Step<Of<'retireField'>>): void {
  const entity = entityFor(step, step.change.entity);
  const { name, value } = memberFor(step, entity, 'fields', step.change.name);
  requireNotEngine(step, value['id'], '/name', `the field "${name}"`);
  withdrawUses(step, [{ kind: 'field', entity: String(entity.value['plural']), name }]);
  removeMember(step, entity, 'fields', name);
  touch(step.work, { action: 'retired', kind: 'field', id: value['id'], entityId: entity.id });
}
