// A mapping, checked against the entity and the file's header: every finding at once, before any row is read.
import { didYouMean } from '../conditions/did-you-mean.ts';
import type { TextFormat } from '../fields/field-type.ts';
import { currentMember, entityNamed } from '../metadata/aliases.ts';
import type { Entity, Field, Registry } from '../metadata/registry.ts';
import type { ImportMappingMetadata } from '../metadata/types.ts';
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
  readonly reference: MappedReference | undefined;
  readonly onInvalid: 'rejectRow' | 'rejectField';
}

export interface CompiledMapping {
  readonly entity: Entity;
  readonly upsertOn: string;
  readonly format: TextFormat;
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
  const upsertOn = entity.fields.get(currentMember(entity, mapping.upsertOn));
  if (upsertOn === undefined || !(upsertOn.meta.unique === true || upsertOn.name === 'external_id')) {
    issues.push({
      pointer: '/upsertOn',
      code: 'not_unique',
      detail: `"${mapping.upsertOn}" is not external_id or a unique field of ${entity.name}.`,
    });
  }
  if (!Object.keys(mapping.fields).some((path) => currentMember(entity, path) === upsertOn?.name)) {
    issues.push({
      pointer: '/fields',
      code: 'required',
      detail: `"${mapping.upsertOn}" must be filled: rows are matched on it.`,
    });
  }
  const fields = Object.entries(mapping.fields).flatMap(([path, source]) => {
    const compiled = compileField(registry, entity, mapping, header, path, issues);
    return compiled === undefined ? [] : [{ ...compiled, onInvalid: source.onInvalid ?? mapping.onInvalid ?? 'rejectRow' }];
  });
  refuseTwice(fields, issues);
  if (upsertOn === undefined || issues.length > 0)
    throw problem('validation_failed', { detail: 'The mapping does not fit.', errors: issues });
  return { entity, upsertOn: upsertOn.name, format: mapping.format ?? {}, width: header.length, fields };
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
  if (field === undefined || field.hidden || (field.readOnly && field.name !== 'external_id')) {
    const known = [...entity.fields.values()].filter((each) => !each.hidden && !each.readOnly).map((each) => each.name);
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
    reference,
  };
}

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
