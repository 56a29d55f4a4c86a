// The generated types of one entity: record, inputs, filter, sort keys, relations.
import type { JsonSchema } from '../fields/field-type.ts';
import { requiredOnCreate, writableFields } from '../metadata/input-fields.ts';
import { type Entity, type Field, isToMany, type Relation } from '../metadata/registry.ts';
import type { Label } from '../metadata/types.ts';
import { isSortable } from '../query/sort.ts';
import { filterType } from './filter-types.ts';
import { comment, keyText, listOf, literal, typeText, union } from './type-text.ts';

export type GiveName = (words: string, ending: string) => string;
/** The name of the union of a field's options, declared beforehand; undefined where a field has none. */
export type OptionsName = (field: Field) => string | undefined;

/** Comments are in English, or in the first language there is. */
export const english = (label: Label | undefined): string | undefined => label?.['en'] ?? Object.values(label ?? {})[0];

export interface EntityText {
  /** Its declarations. */
  readonly text: string;
  /** Its member in the map of entities. */
  readonly member: string;
}

export function entityTypes(entity: Entity, name: GiveName, optionsName: OptionsName): EntityText {
  const { singular, meta } = entity;
  const readable = [...entity.fields.values()].filter((field) => !field.hidden && field.type.secret !== true);
  const writable = writableFields(entity);
  const needed = new Set(requiredOnCreate(entity));
  const label = meta.label['en'] ?? Object.values(meta.label)[0];
  const about = comment([label?.one, english(meta.description)]);
  const names = {
    record: name(singular, 'Record'),
    create: name(`${singular}_create`, 'Input'),
    update: name(`${singular}_update`, 'Input'),
    filter: name(`${singular}_filter`, 'Type'),
    sort: name(`${singular}_sort`, 'Key'),
    relations: name(`${singular}_relations`, 'Type'),
  };
  const sorts = readable.filter((field) => isSortable(entity, field.name)).map(({ name: field }) => literal(field));
  const read = (field: Field) => line(field, false, readType(field, optionsName));
  const write = (field: Field, optional: boolean) => line(field, optional, writeType(field, optionsName));
  const text = [
    `${about}export interface ${names.record} ${block(readable.map(read))}`,
    `export interface ${names.create} ${block(writable.map((field) => write(field, !needed.has(field.name))))}`,
    `export interface ${names.update} ${block(writable.map((field) => write(field, true)))}`,
    `export interface ${names.filter} ${block(readable.flatMap((field) => filterLines(field, optionsName)))}`,
    `export type ${names.sort} = Sort<${union(sorts)}>;\n`,
    `export interface ${names.relations} ${block([...entity.relations.values()].map(relationLine))}`,
  ].join('\n');
  const members = Object.entries(names).map(([part, type]) => `    readonly ${part}: ${type};\n`);
  const operations = `    readonly operations: ${union([...entity.operations].map(literal))};\n`;
  return { text, member: `  readonly ${keyText(entity.name)}: {\n${members.join('')}${operations}  };\n` };
}

const block = (lines: readonly string[]): string => `{\n${lines.join('')}}\n`;

function line(field: Field, optional: boolean, type: string): string {
  const about = comment([english(field.meta.label), english(field.meta.help)], '  ');
  return `${about}  readonly ${keyText(field.name)}${optional ? '?' : ''}: ${type};\n`;
}

const readType = (field: Field, optionsName: OptionsName): string =>
  orNull(field, optionsType(field, optionsName) ?? typeText(given(field.type.jsonSchema(field.meta))));

const writeType = (field: Field, optionsName: OptionsName): string =>
  orNull(field, optionsType(field, optionsName) ?? typeText(field.type.jsonSchema(field.meta)));

const orNull = (field: Field, type: string): string => (field.required ? type : union([type, 'null']));

/** Decimals are taken as text or number, and always given as text. */
const given = (schema: JsonSchema): JsonSchema =>
  Array.isArray(schema['type']) && schema['type'].includes('string') && schema['type'].includes('number')
    ? { ...schema, type: 'string' }
    : schema;

function optionsType(field: Field, optionsName: OptionsName): string | undefined {
  const options = optionsName(field);
  return options === undefined || field.type.kind !== 'set' ? options : listOf(options);
}

/** A line for the field, or one for each part of a composite one (`address.city`). */
function filterLines(field: Field, optionsName: OptionsName): readonly string[] {
  const { parts } = field.type;
  if (parts === undefined) return [`  readonly ${keyText(field.name)}?: ${filterType(field.type.kind, optionsName(field))};\n`];
  return Object.entries(parts).map(
    ([part, { kind }]) => `  readonly ${literal(`${field.name}.${part}`)}?: ${filterType(kind)};\n`,
  );
}

function relationLine(relation: Relation): string {
  const target = relation.kind === 'belongsToAny' ? 'Any' : `${isToMany(relation) ? 'Many' : 'One'}<${literal(relation.target)}>`;
  return `${comment([english(relation.label)], '  ')}  readonly ${keyText(relation.name)}: ${target};\n`;
}
