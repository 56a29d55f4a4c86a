// A mapping, checked against the entity and the file's header: every finding at once, before any row is read.
import { didYouMean } from '../conditions/did-you-mean.ts';
import type { TextFormat } from '../fields/field-type.ts';
import { currentMember, entityNamed } from '../metadata/aliases.ts';
import type { Entity, Field, Registry } from '../metadata/registry.ts';
import type { ImportMappingMetadata } from '../metadata/types.ts';
import type { ImportDuplicates } from '../metadata/workflow-types.ts';
import { type Issue, problem } from '../problem.ts';

export interface MappedReference {
  /** Plural name of the entity it leads to; undefined: the record's own `typeField` says it. */
  readonly target: string | undefined;
  readonly typeField?: string;
  /** The field of the target that the cell holds; `id` for its id. */
  readonly match: string;
}

export interface MappedField {
  /** `name`, `address.city` */
  readonly path: string;
  readonly field: Field;
  readonly part: string | undefined;
  /** Positions of its columns in a row. */
  readonly columns: readonly number[];
  readonly constant: unknown;
  readonly map: ReadonlyMap<string, string>;
  readonly format: TextFormat;
  /** Numbers are rounded to so many. */
  readonly decimals: number | undefined;
  readonly reference: MappedReference | undefined;
  readonly onInvalid: 'rejectRow' | 'rejectField';
}

export interface CompiledMapping {
  readonly entity: Entity;
  /** Undefined: every row makes a record. */
  readonly upsertOn: string | undefined;
  readonly duplicates: Required<ImportDuplicates>;
  /** Cells in the header; a row of another length is refused. */
  readonly width: number;
  readonly fields: readonly MappedField[];
}

/**
 * @param registry as the importer sees it, and `entity` of it: what is closed to them is not filled and not matched on
 * @throws problem `validation_failed` with a finding for each wrong target, column or match
 */
export function compileMapping(
  registry: Registry,
  entity: Entity,
  mapping: ImportMappingMetadata,
  header: readonly string[],
): CompiledMapping {
  const issues: Issue[] = [];
  if (entityNamed(registry, mapping.entity) !== entity) {
    issues.push({ pointer: '/entity', code: 'entity', detail: `The mapping is for ${mapping.entity}, not ${entity.name}.` });
  }
  const upsertOn = keyOf(entity, mapping, issues);
  const fields = Object.entries(mapping.fields).flatMap(([path, source]) => {
    const compiled = compileField(registry, entity, mapping, header, path, issues);
    return compiled === undefined ? [] : [{ ...compiled, onInvalid: source.onInvalid ?? mapping.onInvalid ?? 'rejectRow' }];
  });
  refuseTwice(fields, issues);
  if (issues.length > 0) throw problem('validation_failed', { detail: 'The mapping does not fit.', errors: issues });
  const duplicates = { block: 'reject', warn: 'create', ...mapping.duplicates } as const;
  return { entity, upsertOn: upsertOn?.name, duplicates, width: header.length, fields };
}

/** The field that rows are matched on, where they are. */
function keyOf(entity: Entity, { upsertOn, fields }: ImportMappingMetadata, issues: Issue[]): Field | undefined {
  const filled = new Set(Object.keys(fields).map((path) => currentMember(entity, path)));
  const given = upsertOn === undefined && filled.has('external_id') ? 'external_id' : upsertOn;
  if (given === undefined || given === null) return undefined;
  const field = entity.fields.get(currentMember(entity, given));
  const isKey = field?.guard === undefined && (field?.meta.unique === true || ['external_id', 'id'].includes(field?.name ?? ''));
  if (field === undefined || !isKey) {
    const detail = `"${given}" is not external_id, id or a unique field of ${entity.name}.`;
    issues.push({ pointer: '/upsertOn', code: 'not_unique', detail });
  }
  if (!filled.has(field?.name ?? given)) {
    issues.push({ pointer: '/fields', code: 'required', detail: `"${given}" must be filled: rows are matched on it.` });
  }
  return field;
}

/** A field may have two names for a while, but only one source. */
function refuseTwice(fields: readonly Pick<MappedField, 'path' | 'field' | 'part'>[], issues: Issue[]): void {
  const filled = new Map<string, string>();
  for (const { path, field, part = '' } of fields) {
    const other = filled.get(`${field.name}.${part}`);
    if (other !== undefined)
      issues.push({ pointer: `/fields/${path}`, code: 'given_twice', detail: `"${path}" is another name of "${other}".` });
    filled.set(`${field.name}.${part}`, path);
  }
}

function compileField(
  registry: Registry,
  entity: Entity,
  mapping: ImportMappingMetadata,
  header: readonly string[],
  path: string,
  issues: Issue[],
): Omit<MappedField, 'onInvalid'> | undefined {
  const source = mapping.fields[path] ?? {};
  const pointer = `/fields/${path.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const [name = '', part, ...more] = path.split('.');
  const field = entity.fields.get(currentMember(entity, name));
  const isKey = field?.name === 'id' && mapping.upsertOn === 'id';
  if (field === undefined || !(isFillable(field) || isKey)) {
    const known = [...entity.fields.values()].filter(isFillable).map((each) => each.name);
    issues.push({
      pointer,
      code: 'unknown_field',
      detail: `${entity.name} has no field "${name}" to fill.${didYouMean(name, known)}`,
    });
    return undefined;
  }
  const parts = Object.keys(field.type.parts ?? {});
  if (more.length > 0 || (part !== undefined && !parts.includes(part))) {
    issues.push({
      pointer,
      code: 'unknown_part',
      detail: `"${name}" has ${parts.length === 0 ? 'no parts' : `the parts ${parts.join(', ')}`}.`,
    });
    return undefined;
  }
  const wanted = source.column === undefined ? [] : [source.column].flat();
  if (wanted.length === 0 && source.value === undefined) {
    issues.push({ pointer, code: 'required', detail: 'Give a column or a value.' });
  }
  for (const column of wanted.filter((each) => !header.includes(each))) {
    issues.push({
      pointer: `${pointer}/column`,
      code: 'unknown_column',
      detail: `The file has no column "${column}".${didYouMean(column, header)}`,
    });
  }
  const reference =
    source.value === undefined ? referenceOf(registry, entity, field, source.match, `${pointer}/match`, issues) : undefined;
  return {
    path,
    field,
    part,
    columns: wanted.map((column) => header.indexOf(column)),
    constant: source.value,
    map: new Map(Object.entries(source.map ?? {})),
    format: { ...mapping.format, ...source.format },
    decimals: source.format?.decimals ?? mapping.format?.decimals,
    reference,
  };
}

/** Whether rows may say what the field holds. */
export const isFillable = (field: Field): boolean =>
  !field.hidden && field.computed === undefined && (!field.readOnly || field.name === 'external_id');

function referenceOf(
  registry: Registry,
  entity: Entity,
  field: Field,
  match = 'external_id',
  pointer: string,
  issues: Issue[],
): MappedReference | undefined {
  for (const relation of entity.relations.values()) {
    if (relation.kind === 'belongsToAny' && relation.idField === field.name) {
      return { target: undefined, typeField: relation.typeField, match };
    }
    if (relation.kind !== 'belongsTo' || relation.field !== field.name) continue;
    const target = registry.entities.get(relation.target);
    const matched = target?.fields.get(currentMember(target, match));
    if (matched !== undefined && !matched.hidden && matched.type.secret !== true)
      return { target: relation.target, match: matched.name };
    issues.push({ pointer, code: 'unknown_field', detail: `${relation.target} has no field "${match}" to match on.` });
    return undefined;
  }
  return undefined;
}
