// What an entity names: its own fields in its settings, other entities in its relations, options in its defaults.
import type { Condition } from '../../conditions/tree.ts';
import { literalsInText } from '../../formulas/literals-in-text.ts';
import { pathsInText } from '../../formulas/paths-in-text.ts';
import { pointerOf } from '../pointer.ts';
import type { Entity, Registry } from '../registry.ts';
import type { EntityMetadata, FieldMetadata, RelationMetadata } from '../types.ts';
import { conditionUses, valueUses } from './in-conditions.ts';
import { pathListUses, pathUses } from './paths.ts';
import { asKey, declared, namedAt, nameUse, type Use } from './reference.ts';
import { entityTarget, fieldTarget, optionSetTarget, optionTarget, relationTarget } from './targets.ts';

export function* entityUses(registry: Registry, meta: EntityMetadata): Generator<Use> {
  const entity = registry.entities.get(meta.name);
  if (entity === undefined) return;
  for (const key of ['name', 'plural'] as const)
    yield* declared(nameUse(`/${key}`, meta[key], entityTarget(registry, meta.name)));
  yield* declared(nameUse('/singular', meta.singular, { kind: 'singular', id: meta.id, name: meta.singular }));
  for (const [name, field] of Object.entries(meta.fields)) yield* fieldUses(registry, entity, name, field);
  for (const [name, relation] of Object.entries(meta.relations ?? {})) yield* relationUses(registry, entity, name, relation);
  yield* settingUses(registry, entity);
  yield* ruleUses(registry, entity);
}

/** Settings of field types that are paths to values. */
const pathSettings: readonly string[] = ['regionFrom', 'currencyFrom', 'rateDate'];

function* fieldUses(registry: Registry, entity: Entity, name: string, meta: FieldMetadata): Generator<Use> {
  const field = entity.fields.get(name);
  const pointer = pointerOf('fields', name);
  if (field === undefined) return;
  yield* declared(asKey(nameUse(pointer, name, fieldTarget(entity, field))));
  yield* nameUse(`${pointer}/optionSet`, meta.optionSet, optionSetTarget(registry, meta.optionSet));
  if (meta.optionSet === undefined)
    for (const [at, { value }] of (meta.options ?? []).entries())
      yield* declared(nameUse(`${pointer}/options/${at}/value`, value, optionTarget(registry, field, value)));
  yield* valueUses(registry, field, `${pointer}/default`, meta.default);
  for (const key of pathSettings) {
    const paths = meta[key];
    if (typeof paths === 'string') yield* pathUses(registry, entity, `${pointer}/${key}`, paths).uses;
    if (Array.isArray(paths)) yield* pathListUses(registry, entity, `${pointer}/${key}`, paths as string[]);
  }
  for (const key of ['visibleWhen', 'requiredWhen', 'readOnlyWhen'] as const)
    yield* conditionUses(registry, entity, `${pointer}/${key}`, meta[key]);
  for (const [at, { when, options }] of (meta.optionsWhen ?? []).entries()) {
    yield* conditionUses(registry, entity, `${pointer}/optionsWhen/${at}/when`, when);
    yield* valueUses(registry, field, `${pointer}/optionsWhen/${at}/options`, options);
  }
  yield* computedUses(registry, entity, pointer, meta);
}

/** What a formula reads, and what a roll-up goes over. */
function* computedUses(registry: Registry, entity: Entity, pointer: string, meta: FieldMetadata): Generator<Use> {
  const text = meta['expression'];
  if (typeof text === 'string') {
    for (const { path, start } of pathsInText(text))
      yield* pathUses(registry, entity, `${pointer}/expression`, path, { text, start }).uses;
    for (const { path, value, start } of literalsInText(text)) {
      const compared = entity.fields.get(path);
      const option = compared === undefined ? undefined : optionTarget(registry, compared, value);
      if (option !== undefined) yield namedAt(`${pointer}/expression`, text, option, start);
    }
  }
  const relation = entity.relations.get(String(meta['relation']));
  if (relation === undefined) return;
  yield* nameUse(`${pointer}/relation`, relation.name, relationTarget(entity, relation));
  const source = 'target' in relation ? registry.entities.get(relation.target) : undefined;
  if (source === undefined) return;
  const summed = source.fields.get(String(meta['field']));
  if (summed !== undefined) yield* nameUse(`${pointer}/field`, summed.name, fieldTarget(source, summed));
  yield* conditionUses(registry, source, `${pointer}/filter`, meta['filter'] as Condition | undefined);
}

function* relationUses(registry: Registry, entity: Entity, name: string, meta: RelationMetadata): Generator<Use> {
  const pointer = pointerOf('relations', name);
  const relation = entity.relations.get(name);
  if (relation !== undefined) yield* declared(asKey(nameUse(pointer, name, relationTarget(entity, relation))));
  const settings = Object.entries(meta).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const setting = new Map(settings);
  for (const key of ['field', 'typeField', 'idField']) {
    const field = entity.fields.get(setting.get(key) ?? '');
    if (field !== undefined) yield* declared(nameUse(`${pointer}/${key}`, field.name, fieldTarget(entity, field)));
  }
  for (const key of ['entity', 'through'])
    yield* nameUse(`${pointer}/${key}`, setting.get(key), entityTarget(registry, setting.get(key)));
  if (meta.kind === 'belongsToAny')
    for (const [at, target] of (meta.entities ?? []).entries())
      yield* nameUse(`${pointer}/entities/${at}`, target, entityTarget(registry, target));
  if (meta.kind === 'manyToMany') {
    const link = registry.entities.get(meta.through);
    for (const key of ['from', 'to'] as const) {
      const end = link?.relations.get(meta[key]);
      if (link !== undefined && end !== undefined) yield* nameUse(`${pointer}/${key}`, meta[key], relationTarget(link, end));
    }
  }
  yield* inverseUses(registry, pointer, meta);
}

/** The name of the relation that the targets get; with several targets they all have it by the one id. */
function* inverseUses(registry: Registry, pointer: string, meta: RelationMetadata): Generator<Use> {
  if (meta.inverse === undefined) return;
  for (const target of registry.entities.values()) {
    const inverse = target.relations.get(meta.inverse);
    if (inverse?.id !== `${meta.id}_inverse`) continue;
    yield* declared(nameUse(`${pointer}/inverse`, meta.inverse, relationTarget(target, inverse)));
    return;
  }
}

function* settingUses(registry: Registry, entity: Entity): Generator<Use> {
  const { about, display, ownership, audit, indexes, search, featureFlag } = entity.meta;
  const list = (pointer: string, paths: readonly string[] | undefined) => pathListUses(registry, entity, pointer, paths);
  yield* list('/display/nameFields', display.nameFields);
  yield* list('/display/subtitleFields', display.subtitleFields);
  for (const key of ['owner', 'team'] as const)
    yield* ownership?.[key] === undefined ? [] : pathUses(registry, entity, `/ownership/${key}`, ownership[key]).uses;
  const through = entity.relations.get(ownership?.through ?? '');
  if (through !== undefined) yield* nameUse('/ownership/through', through.name, relationTarget(entity, through));
  for (const [name, { relation }] of Object.entries(about ?? {})) {
    const [field, target] = [entity.fields.get(name), entity.relations.get(relation)];
    if (field !== undefined) yield* asKey(nameUse(pointerOf('about', name), name, fieldTarget(entity, field)));
    if (target !== undefined) yield* nameUse(pointerOf('about', name, 'relation'), relation, relationTarget(entity, target));
  }
  yield* list('/audit/exclude', audit?.exclude);
  for (const [at, { fields }] of (indexes ?? []).entries()) yield* list(`/indexes/${at}/fields`, fields);
  for (const [at, { name }] of (search?.fields ?? []).entries())
    yield* pathUses(registry, entity, `/search/fields/${at}/name`, name).uses;
  yield* flagUses(featureFlag);
}

function* ruleUses(registry: Registry, entity: Entity): Generator<Use> {
  for (const [at, { match, when }] of (entity.meta.duplicateRules ?? []).entries()) {
    for (const [key, { field }] of match.entries())
      yield* pathUses(registry, entity, `/duplicateRules/${at}/match/${key}/field`, field).uses;
    yield* conditionUses(registry, entity, `/duplicateRules/${at}/when`, when);
  }
  for (const [at, { field, errorWhen }] of (entity.meta.validationRules ?? []).entries()) {
    if (field !== undefined) yield* pathUses(registry, entity, `/validationRules/${at}/field`, field).uses;
    yield* conditionUses(registry, entity, `/validationRules/${at}/errorWhen`, errorWhen);
  }
}

export const flagUses = (flag: string | undefined): readonly Use[] =>
  flag === undefined ? [] : nameUse('/featureFlag', flag, { kind: 'flag', id: flag, name: flag });
