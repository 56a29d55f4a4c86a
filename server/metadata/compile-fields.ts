// Declared fields, reference fields of relations, implied and system fields → the fields of a compiled entity.
import type { ColumnSpec, FieldMetadata, FieldType, Label, Option } from '../fields/field-type.ts';
import { withComputed } from './compile-computed.ts';
import type { Transition } from './document.ts';
import { freezeDeep, frozenMap } from './freeze.ts';
import { matchKeysOf } from './match-keys.ts';
import type { Column, Field } from './registry.ts';
import { leadingFields, matchField, type SystemField, trailingFields } from './system-fields.ts';
import type { EntityMetadata, MetadataSource } from './types.ts';

export interface FieldSource {
  readonly source: MetadataSource;
  readonly fieldTypes: ReadonlyMap<string, FieldType>;
  readonly transition: Transition;
}

/** In order: id, declared fields with what they imply, reference fields, the other system fields. */
export function compileFields(input: FieldSource, entity: EntityMetadata): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  const add = (field: Field): void => {
    fields.set(field.name, Object.freeze(field));
  };
  for (const system of leadingFields()) add(systemField(input, system));
  for (const [name, meta] of Object.entries(entity.fields)) {
    const field = declaredField(input, name, meta);
    add(field);
    for (const [suffix, implied] of Object.entries(field.type.implied?.(field.meta) ?? {}))
      add(declaredField(input, `${name}${suffix}`, implied));
  }
  for (const field of relationFields(input, entity)) add(field);
  for (const system of trailingFields(entity)) add(systemField(input, system));
  for (const { name } of matchKeysOf(entity)) add(systemField(input, matchField(name)));
  return frozenMap(withComputed(input.source.app, fields, entity.relations));
}

function makeField(
  input: FieldSource,
  name: string,
  given: FieldMetadata,
): Pick<Field, 'name' | 'meta' | 'type' | 'columns' | 'kept'> {
  const declared = input.fieldTypes.get(given.type);
  if (declared === undefined) throw new Error(`There is no field type "${given.type}" (field ${name})`);
  const meta = freezeDeep(resolvedField(input.source, given));
  const type = declared.result?.(meta) ?? declared;
  const placed = (columns: readonly ColumnSpec[]): readonly Column[] =>
    Object.freeze(
      columns.map((column): Column => {
        const id = `${meta.id}${column.suffix}`;
        const { physical } = input.transition;
        const inForce = Object.hasOwn(physical, id) ? physical[id] : undefined;
        return Object.freeze({ ...column, name: inForce ?? `${name}${column.suffix}` });
      }),
    );
  const kept = declared.kept === undefined ? {} : { kept: placed(declared.kept(meta)) };
  return { name, meta, type, columns: placed(declared.columns(meta)), ...kept };
}

/** The field with the options that it takes from elsewhere. */
export function resolvedField(source: MetadataSource, field: FieldMetadata): FieldMetadata {
  const options = optionsOf(source, field);
  return options === undefined ? field : { ...field, options };
}

function optionsOf(source: MetadataSource, field: FieldMetadata): readonly Option[] | undefined {
  if (field.optionSet !== undefined) return source.optionSets.find((set) => set.name === field.optionSet)?.options;
  if (field.optionsFrom === 'roles') return source.roles.map((role) => ({ value: role.name, label: role.label }));
  if (field.optionsFrom === 'languages')
    return source.app.languages.map((language) => ({ value: language, label: languageLabel(language, source.app.languages) }));
  if (field.optionsFrom === 'entities') return source.entities.map((entity) => ({ value: entity.name, label: oneLabel(entity) }));
  return field.options;
}

/** `ar` → `{ "en": "Arabic", "ar": "العربية" }`, from the Unicode CLDR. */
const languageLabel = (language: string, shownIn: readonly string[]): Label =>
  Object.fromEntries(
    shownIn.map((other) => [other, new Intl.DisplayNames([other], { type: 'language' }).of(language) ?? language]),
  );

const oneLabel = (entity: EntityMetadata): Record<string, string> =>
  Object.fromEntries(Object.entries(entity.label).map(([language, { other }]) => [language, other]));

const declaredField = (input: FieldSource, name: string, meta: FieldMetadata): Field => ({
  ...makeField(input, name, meta),
  required: meta.required === true,
  readOnly: meta.readOnly === true,
  system: false,
  hidden: false,
});

const systemField = (input: FieldSource, system: SystemField): Field => ({
  ...makeField(input, system.name, system.meta),
  required: system.required,
  readOnly: system.readOnly,
  system: true,
  hidden: system.hidden,
  ...(system.name === 'created_by' ? { relation: 'creator' } : system.name === 'updated_by' ? { relation: 'updater' } : {}),
});

/** `account` → `account_id`; a record of any kind brings its two fields. */
function* relationFields(input: FieldSource, entity: EntityMetadata): Generator<Field> {
  for (const [name, relation] of Object.entries(entity.relations ?? {})) {
    const label = relation.label ?? { en: name };
    if (relation.kind === 'belongsTo') {
      const meta = { id: `${relation.id}_ref`, type: 'reference', label, ...(relation.unique === true ? { unique: true } : {}) };
      yield {
        ...declaredField(input, relation.field, meta),
        required: relation.required === true,
        readOnly: relation.readOnly === true,
        relation: name,
      };
    }
    if (relation.kind === 'belongsToAny') {
      const options = anyTargets(input.source, entity, name).map((target) => ({ value: target.name, label: oneLabel(target) }));
      const required = relation.required === true;
      const locked = !entity.operations.includes('create');
      yield {
        ...declaredField(input, relation.typeField, { id: `${relation.id}_type`, type: 'select', label, options }),
        required,
        readOnly: locked,
      };
      yield {
        ...declaredField(input, relation.idField, { id: `${relation.id}_ref`, type: 'reference', label }),
        required,
        readOnly: locked,
        relation: name,
      };
    }
  }
}

/** The entities a "record of any kind" may be: those named, those with the feature, or all. */
export function anyTargets(source: MetadataSource, entity: EntityMetadata, name: string): readonly EntityMetadata[] {
  const relation = entity.relations?.[name];
  if (relation?.kind !== 'belongsToAny') return [];
  const { entities, via } = relation;
  if (entities !== undefined) return source.entities.filter((candidate) => entities.includes(candidate.name));
  if (via === undefined || via === 'activities') return source.entities;
  return source.entities.filter((candidate) => candidate.features?.[via] === true);
}
