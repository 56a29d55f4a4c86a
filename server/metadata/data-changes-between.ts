// What becomes of stored values between two states of the metadata that nobody tells operations of: files, promoted folders.
import type { DataChange } from './data-change.ts';
import type { Field, Registry } from './registry.ts';
import { renamedBetween } from './renamed.ts';

/**
 * Entities that go by another name, and options that are no longer offered: files say nothing of what replaces them, so
 * no record may have them.
 */
export function dataChangesBetween(from: Registry, to: Registry): readonly DataChange[] {
  const after = new Map([...to.entities.values()].map((entity) => [entity.id, entity]));
  const withdrawn = [...from.entities.values()].flatMap(({ id: entityId, fields, relations }) => {
    // The type of a record of any kind is the name of an entity, which goes and is renamed as an entity.
    const types = new Set(
      [...relations.values()].map((relation) => (relation.kind === 'belongsToAny' ? relation.typeField : '')),
    );
    const next = new Map([...(after.get(entityId)?.fields.values() ?? [])].map((field) => [field.meta.id, field]));
    const choices = [...fields.values()].filter(({ name }) => !types.has(name));
    return choices.flatMap((field) => withdrawnOptions(entityId, field, next.get(field.meta.id)));
  });
  const renamed = renamedBetween(from, to).entities.map((names) => ({ kind: 'renameEntityValue', ...names }) as const);
  return [...withdrawn, ...renamed];
}

/** A field that is no longer a choice, or takes its options from what the metadata has, asks for nothing. */
function withdrawnOptions(entityId: string, old: Field, next: Field | undefined): readonly DataChange[] {
  const [before, after] = [old.meta.options, next?.meta.options];
  if (before === undefined || after === undefined || old.meta.optionsFrom !== undefined) return [];
  const offered = new Set(after.map(({ value }) => value));
  const values = before.map(({ value }) => value).filter((value) => !offered.has(value));
  const columnId = `${old.meta.id}${old.columns[0]?.suffix ?? ''}`;
  return values.length === 0 ? [] : [{ kind: 'withdrawValues', entityId, columnId, values }];
}
