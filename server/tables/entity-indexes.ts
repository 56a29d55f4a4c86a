// Which indexes an entity's table has: what lists filter and sort by, in the very order that they sort.
import { matchKeyOf } from '../metadata/match-keys.ts';
import type { Entity, Field } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { neverNull, objectName, shortHash } from './names.ts';
import type { IndexColumn, IndexModel } from './schema-types.ts';

interface Key extends IndexColumn {
  readonly id: string;
}
interface Wanted {
  readonly keys: readonly Key[];
  readonly unique: boolean;
  readonly method?: 'trigram';
}

/**
 * Declared indexes first; an automatic one is left out where a full index already begins with its columns.
 * Nulls stand last in both directions: ascending keys do so by nature, descending ones say so where null may occur, just
 * as lists are sorted. `id` ends each index in the direction of its last key.
 */
export function entityIndexes(entity: Entity, table: string): readonly IndexModel[] {
  const wanted: Wanted[] = [...declared(entity), ...uniqueFields(entity)];
  for (const keys of automatic(entity)) {
    if (!wanted.some((index) => !index.unique && covers(index.keys, keys)))
      wanted.push({ keys: withId(entity, keys), unique: false });
  }
  const search = entity.fields.get('search_text');
  if (entity.meta.search !== undefined && search !== undefined) {
    wanted.push({ keys: [mainKey(search)], unique: false, method: 'trigram' });
  }
  wanted.push(...matched(entity, wanted));
  const models = wanted.map((index) => indexModel(entity, table, index));
  return [...new Map(models.map((model) => [model.id, model])).values()];
}

function declared(entity: Entity): Wanted[] {
  return (entity.meta.indexes ?? []).map(({ fields, unique }) => {
    const keys = fields.map((name) => keyOf(entity, name));
    return unique === true ? { keys, unique } : { keys: withId(entity, keys), unique: false };
  });
}

function uniqueFields(entity: Entity): Wanted[] {
  const relations = Object.values(entity.meta.relations ?? {});
  const unique = (field: Field): boolean =>
    field.meta.unique === true ||
    (field.system && field.name === 'external_id') ||
    relations.some((relation) => relation.kind === 'belongsTo' && relation.unique === true && relation.field === field.name);
  return [...entity.fields.values()].filter(unique).map((field) => ({ keys: [mainKey(field)], unique: true }));
}

/** References, records of any kind, fields marked `index`, and the default order of lists (newest first). */
function* automatic(entity: Entity): Iterable<readonly Key[]> {
  for (const relation of entity.relations.values()) {
    if (relation.kind === 'belongsTo' && entity.fields.get(relation.field)?.system !== true)
      yield [keyOf(entity, relation.field)];
    if (relation.kind === 'belongsToAny') yield [keyOf(entity, relation.typeField), keyOf(entity, relation.idField)];
  }
  for (const field of entity.fields.values()) {
    if (field.meta.index === true) yield [mainKey(field)];
  }
  if (entity.fields.has('created_at')) yield [keyOf(entity, '-created_at')];
}

/** What duplicate rules compare: by equality, or by trigrams. */
function matched(entity: Entity, known: readonly Wanted[]): readonly Wanted[] {
  return (entity.meta.duplicateRules ?? []).flatMap(({ match }) =>
    match.flatMap((one): Wanted[] => {
      const key = matchKeyOf(entity.meta, one);
      const field = entity.fields.get(key?.name ?? '');
      const keys = [field === undefined ? keyOf(entity, one.field) : mainKey(field)];
      if (one.method === 'similar') return [{ keys, unique: false, method: 'trigram' }];
      return known.some((index) => index.method === undefined && covers(index.keys, keys)) ? [] : [{ keys, unique: false }];
    }),
  );
}

const covers = (index: readonly Key[], keys: readonly Key[]): boolean =>
  keys.every((key, position) => index[position]?.id === key.id && index[position]?.order === key.order);

function withId(entity: Entity, keys: readonly Key[]): readonly Key[] {
  if (keys.some((key) => key.name === 'id')) return keys;
  const descending = keys.at(-1)?.order.startsWith('DESC') === true;
  return [...keys, keyOf(entity, descending ? '-id' : 'id')];
}

const mainKey = (field: Field): Key => ({
  id: field.meta.id,
  name: `${field.name}${field.columns[0]?.suffix ?? ''}`,
  order: 'ASC',
});

/** `name`, `-name` or `address.city` → the column and its direction. */
function keyOf(entity: Entity, text: string): Key {
  const descending = text.startsWith('-');
  const [name = '', part] = (descending ? text.slice(1) : text).split('.');
  const field = entity.fields.get(name);
  const suffix = part === undefined ? '' : field?.type.parts?.[part]?.suffix;
  const column = field?.columns.find((candidate) => candidate.suffix === suffix);
  if (field === undefined || column === undefined) {
    const detail = `There is no column "${text}" to index.`;
    throw problem('validation_failed', {
      errors: [{ pointer: `/entities/${entity.name}/indexes`, code: 'unknown_field', detail }],
    });
  }
  const nullable = !neverNull.has(name) && !field.required;
  return {
    id: `${field.meta.id}${column.suffix}`,
    name: `${field.name}${column.suffix}`,
    order: descending ? (nullable ? 'DESC NULLS LAST' : 'DESC') : 'ASC',
  };
}

function indexModel(entity: Entity, table: string, { keys, unique, method = undefined }: Wanted): IndexModel {
  if (unique && entity.partitioned) {
    const detail = 'A table in monthly partitions cannot keep a field unique.';
    throw problem('validation_failed', { errors: [{ pointer: `/entities/${entity.name}`, code: 'unique_partitioned', detail }] });
  }
  const id = shortHash(
    entity.id,
    keys.map((key) => [key.id, key.order]),
    unique,
    method ?? 'btree',
  );
  return {
    id,
    name: objectName(table, id, unique ? 'key' : 'idx'),
    columns: keys.map(({ name, order }) => ({ name, order })),
    unique,
    method: method ?? 'btree',
    liveOnly: unique,
  };
}
