// Names: unique in their kind, not taken by the engine, not too long for PostgreSQL.
import { engineTables } from '../engine-tables.ts';
import { largerFeatures } from '../features.ts';
import { pointerOf, step } from '../pointer.ts';
import { reservedFieldNames, systemRelations } from '../system-fields.ts';
import type { EntityMetadata } from '../types.ts';
import { type Check, type CheckSubject, eachTwice } from './subject.ts';

/** First path segments of the API, the engine's own tables, and words with a meaning in JavaScript. */
const reservedEntities: ReadonlySet<string> = new Set([
  ...['batch', 'search', 'events', 'meta', 'auth', 'graphql', 'query', 'openapi', 'health', 'metrics', 'admin', 'aggregate'],
  ...engineTables,
  'queue',
  ...['constructor', 'prototype'],
]);

/** An entity of such a name would share its flag. */
const featureNames: ReadonlySet<string> = new Set(largerFeatures.map(({ name }) => name));

/** Facts that are no fields, and words with a meaning in JavaScript. */
const reservedMembers: ReadonlySet<string> = new Set(['previous', 'now', 'today', 'constructor', 'prototype']);

/** NAMEDATALEN - 1; the table's own hashed names (indexes, partitions) are cut to fit, columns and tables are not. */
const longestName = 63;

/** What the engine sets aside or makes beside it for a while is called so. */
const ofEngine = /__/;
const underscores = (name: string): string => `"${name}" has two underscores in a row, as only names of the engine have.`;

export const checkNames: Check = (subject) => {
  const { source, report } = subject;
  for (const entity of source.entities) {
    checkEntityName(subject, entity);
    checkMembers(subject, entity);
  }
  const words = source.entities.flatMap((entity) =>
    (['name', 'singular'] as const).map((key) => [entity[key], { entity, key }] as const),
  );
  eachTwice(words, (name, { entity, key }, first) => {
    const whose = first.entity === entity ? 'its own plural' : `the entity "${first.entity.name}"`;
    report(entity, step('', key), `"${name}" is already the name of ${whose}.`, 'name');
  });
  for (const list of [source.optionSets, source.roles, source.layouts, source.views, source.dashboards, source.workflows]) {
    eachTwice(
      list.map((item) => [item.name, item] as const),
      (name, item, first) => report(item, '/name', `"${name}" is already the name of "${first.id}".`, 'name'),
    );
  }
};

function checkEntityName({ source, report }: CheckSubject, entity: EntityMetadata): void {
  if (entity.name !== entity.plural) {
    report(entity, '/plural', `The name and the plural are the same word; "${entity.name}" and "${entity.plural}" differ.`);
  }
  for (const key of ['name', 'singular'] as const) {
    const taken = reservedEntities.has(entity[key]) || (key === 'name' && featureNames.has(entity[key]));
    if (taken) report(entity, step('', key), `"${entity[key]}" is reserved.`, 'name');
    else if (ofEngine.test(entity[key])) report(entity, step('', key), underscores(entity[key]), 'name');
  }
  const table = source.app.prefix + entity.plural;
  if (table.length > longestName) {
    report(entity, '/name', `The table would be called ${table}, which is longer than ${longestName} characters.`, 'name');
  }
}

function checkMembers({ fieldTypes, report }: CheckSubject, entity: EntityMetadata): void {
  const taken = new Map<string, string>();
  const take = (name: string, pointer: string, what: string): void => {
    const owner = taken.get(name);
    const refuse = (message: string): void => report(entity, pointer, message, 'name');
    if (reservedMembers.has(name)) refuse(`"${name}" is reserved.`);
    else if (reservedFieldNames.has(name)) refuse(`"${name}" is a field that every entity has already.`);
    else if (Object.hasOwn(systemRelations, name)) refuse(`"${name}" is a relation that every entity has already.`);
    else if (owner !== undefined) refuse(`"${name}" is already the name of ${owner}.`);
    else if (ofEngine.test(name)) refuse(underscores(name));
    else taken.set(name, what);
  };
  for (const [name, field] of Object.entries(entity.fields)) {
    const pointer = pointerOf('fields', name);
    take(name, pointer, `the field "${name}"`);
    const type = fieldTypes.get(field.type);
    for (const suffix of Object.keys(type?.implied?.(field) ?? {})) take(name + suffix, pointer, `a part of the field "${name}"`);
    for (const { suffix } of type?.columns(field) ?? []) {
      if (suffix !== '') take(name + suffix, pointer, `a column of the field "${name}"`);
      if ((name + suffix).length > longestName)
        report(entity, pointer, `The column ${name + suffix} is longer than ${longestName} characters.`, 'name');
    }
  }
  for (const [name, relation] of Object.entries(entity.relations ?? {})) {
    const pointer = pointerOf('relations', name);
    take(name, pointer, `the relation "${name}"`);
    if (relation.kind === 'belongsTo') take(relation.field, step(pointer, 'field'), `the reference field of "${name}"`);
    if (relation.kind === 'belongsToAny') {
      for (const key of ['typeField', 'idField'] as const)
        take(relation[key], step(pointer, key), `a field of the relation "${name}"`);
    }
  }
}
