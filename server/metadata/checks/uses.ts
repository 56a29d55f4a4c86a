// What an entity says about its own fields: display, indexes, search, audit, duplicate and validation rules.
import { didYouMean } from '../../conditions/did-you-mean.ts';
import { factNames, resolveFact } from '../facts.ts';
import { pointerOf } from '../pointer.ts';
import type { Entity, Field, Registry } from '../registry.ts';
import { checkDuplicateRules } from './duplicate-rules.ts';
import { type CheckSubject, type CompiledCheck, eachTwice } from './subject.ts';

export const checkUses: CompiledCheck = (subject, registry) => {
  for (const entity of registry.entities.values()) {
    const { meta } = entity;
    const lookUp = fieldLookUp(subject, meta, entity);
    const shown = (path: string, pointer: string): void => {
      const field = lookUp(path, pointer);
      if (field?.type.secret === true) subject.report(meta, pointer, `"${path}" is secret and never shown.`);
    };
    for (const [at, name] of meta.display.nameFields.entries()) shown(name, pointerOf('display', 'nameFields', at));
    for (const [at, name] of (meta.display.subtitleFields ?? []).entries())
      shown(name, pointerOf('display', 'subtitleFields', at));
    for (const [at, name] of (meta.audit?.exclude ?? []).entries()) lookUp(name, pointerOf('audit', 'exclude', at));
    checkRegions(subject, registry, entity);
    checkIndexes(subject, entity, lookUp);
    checkSearch(subject, entity, lookUp);
    checkRules(subject, entity, lookUp);
  }
};

export type LookUp = (path: string, pointer: string) => Field | undefined;

/** Finds the field of `name`, `address.city` or `-name`; reports it when there is none. */
export function fieldLookUp({ doubtful, report }: CheckSubject, value: object, entity: Entity): LookUp {
  return (path, pointer) => {
    const [name = '', part, ...more] = path.replace(/^-/, '').split('.');
    const field = entity.fields.get(name);
    const parts = Object.keys(field?.type.parts ?? {});
    if (field !== undefined && !field.hidden && more.length === 0 && (part === undefined || parts.includes(part))) return field;
    if (!doubtful(name)) {
      const hint = field === undefined ? didYouMean(name, factNames(entity)) : part === undefined ? '' : didYouMean(part, parts);
      report(value, pointer, `${entity.name} has no field "${path.replace(/^-/, '')}".${hint}`);
    }
    return undefined;
  };
}

/** Where telephone numbers take their country from: a text of the record, or of one that it refers to. */
function checkRegions({ doubtful, report }: CheckSubject, registry: Registry, entity: Entity): void {
  for (const [name, meta] of Object.entries(entity.meta.fields)) {
    const paths = Array.isArray(meta['regionFrom']) ? (meta['regionFrom'] as string[]) : [];
    for (const [at, path] of paths.entries()) {
      const fact = resolveFact(registry, entity, path);
      if (fact?.kind === 'text' || path.split('.').some(doubtful)) continue;
      const what = fact === undefined ? `There is no "${path}" on ${entity.name}.` : `"${path}" is no text that names a country.`;
      report(entity.meta, pointerOf('fields', name, 'regionFrom', at), what);
    }
  }
}

function checkIndexes({ report }: CheckSubject, entity: Entity, lookUp: LookUp): void {
  const { meta } = entity;
  const indexes = meta.indexes ?? [];
  for (const [at, index] of indexes.entries()) {
    for (const [key, path] of index.fields.entries()) {
      const pointer = pointerOf('indexes', at, 'fields', key);
      const field = lookUp(path, pointer);
      if (field === undefined) continue;
      if (field.type.secret === true) report(meta, pointer, `"${path}" is secret and not searched for.`);
      else if (field.columns.length > 1 && !path.includes('.'))
        report(
          meta,
          pointer,
          `"${path}" has several parts: name one, such as ${path}.${Object.keys(field.type.parts ?? {})[0] ?? 'part'}.`,
        );
      else if (['json', 'set'].includes(field.type.kind))
        report(meta, pointer, `A field of type ${field.type.name} cannot be a part of an index.`);
    }
    if (index.unique === true && entity.partitioned) {
      report(meta, pointerOf('indexes', at, 'unique'), 'A table in monthly partitions cannot keep values unique.');
    }
  }
  const places = indexes.map((index, at) => [`${index.unique === true} ${index.fields.join(' ')}`, at] as const);
  eachTwice(places, (_key, at, first) =>
    report(meta, pointerOf('indexes', at), `The same index already stands at /indexes/${first}.`),
  );
}

function checkSearch({ report }: CheckSubject, entity: Entity, lookUp: LookUp): void {
  const fields = entity.meta.search?.fields ?? [];
  for (const [at, { name }] of fields.entries()) {
    const pointer = pointerOf('search', 'fields', at, 'name');
    const field = lookUp(name, pointer);
    if (field === undefined) continue;
    const textless = field.type.kind === 'json' && field.type.parts === undefined && field.type.text === undefined;
    if (field.type.secret === true || field.type.kind === 'boolean' || field.type.kind === 'id' || textless) {
      report(entity.meta, pointer, `A field of type ${field.type.name} cannot be searched.`);
    }
  }
  eachTwice(
    fields.map(({ name }, at) => [name, at] as const),
    (name, at) => report(entity.meta, pointerOf('search', 'fields', at, 'name'), `"${name}" stands twice.`),
  );
}

function checkRules({ report }: CheckSubject, entity: Entity, lookUp: LookUp): void {
  const { duplicateRules = [], validationRules = [] } = entity.meta;
  checkDuplicateRules(report, entity, lookUp);
  for (const [at, rule] of validationRules.entries()) {
    if (rule.field !== undefined) lookUp(rule.field, pointerOf('validationRules', at, 'field'));
  }
  for (const [key, rules] of Object.entries({ duplicateRules, validationRules })) {
    eachTwice(
      [...rules.entries()].map(([at, { name }]) => [name, at] as const),
      (name, at) => report(entity.meta, pointerOf(key, at, 'name'), `"${name}" is already the name of a rule.`),
    );
  }
}
