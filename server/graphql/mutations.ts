// Mutation fields of an entity: create one or many, update, upsert, delete, restore; whatever its metadata allows.
import type { ObjectTypeComposerFieldConfigDefinition, SchemaComposer } from 'graphql-compose';
import type { Entity, Field } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import type { Written } from '../repository/repository.ts';
import { namesOf } from './names.ts';
import { underOtherNames, understood } from './other-names.ts';
import { type GraphqlContext, type Resolver, writtenRecord } from './resolvers.ts';

type Input = Readonly<Record<string, unknown>>;

/** @param deprecation of all of them, under a name that the entity had before */
export function addMutations(
  composer: SchemaComposer,
  entity: Entity,
  deprecation: { readonly deprecationReason?: string } = {},
): void {
  const names = namesOf(entity);
  const add = (fields: Readonly<Record<string, ObjectTypeComposerFieldConfigDefinition<unknown, GraphqlContext>>>): void => {
    for (const [name, field] of Object.entries(fields))
      if (!composer.Mutation.hasField(name))
        composer.Mutation.addFields({ [name]: { ...(field as object), ...deprecation } as never });
  };
  // Null: it was written, but who wrote it may not read it; see `writtenRecord`.
  const record = names.type;
  if (entity.operations.has('create')) {
    addInput(composer, entity, names.createInput, true);
    add({
      [names.mutation('create')]: {
        type: record,
        args: { input: `${names.createInput}!` },
        resolve: createOne(entity.name),
      },
      [names.mutationOfMany('create')]: {
        type: `[${record}]!`,
        args: { inputs: `[${names.createInput}!]!` },
        resolve: createMany(entity.name),
      },
    });
  }
  if (entity.operations.has('update')) {
    addInput(composer, entity, names.updateInput, false);
    add({
      [names.mutation('update')]: {
        type: record,
        args: { id: 'ID!', patch: `${names.updateInput}!`, ifVersion: 'Int' },
        resolve: updateOne(entity.name),
      },
    });
  }
  if (entity.operations.has('create') && entity.operations.has('update')) {
    add({
      [names.mutation('upsert')]: {
        type: record,
        args: { input: `${names.createInput}!`, on: 'String!' },
        resolve: upsertOne(entity.name),
      },
    });
  }
  if (entity.operations.has('delete')) {
    composer.getOrCreateOTC('DeletedRecord', (type) => type.addFields({ id: 'ID!', version: 'Int!' }));
    add({
      [names.mutation('delete')]: {
        type: 'DeletedRecord!',
        args: { id: 'ID!', ifVersion: 'Int' },
        resolve: deleteOne(entity.name),
      },
    });
  }
  if (entity.operations.has('restore')) {
    add({
      [names.mutation('restore')]: { type: record, args: { id: 'ID!' }, resolve: restoreOne(entity.name) },
    });
  }
}

/** Fields a client may set; on create those without which there is no record are non-null. */
function addInput(composer: SchemaComposer, entity: Entity, name: string, create: boolean): void {
  if (composer.has(name)) return;
  const writable = [...entity.fields.values()].filter((field) => !field.readOnly && !field.hidden);
  const types = Object.fromEntries(writable.map((field) => [field.name, field.type.graphql(field.meta).input]));
  const others = underOtherNames(entity, types);
  const renamed = new Set(understood(entity.aliases).map(([, alias]) => alias.name));
  // What may come under another name is asked for by the repository, not by the schema.
  const asked = (field: Field): string => (create && demanded(entity, field) && !renamed.has(field.name) ? '!' : '');
  const fields = Object.fromEntries(writable.map((field) => [field.name, `${types[field.name]}${asked(field)}`]));
  composer.createInputTC({ name, fields: { ...fields, ...others } });
}

const demanded = (entity: Entity, field: Field): boolean =>
  field.required && field.meta.default === undefined && entity.meta.ownership?.owner !== field.name;

/** GraphQL has no word for what goes on after the wait: it says where to look, as an error. */
function finished(written: Written): Written {
  if (written.pending === undefined) return written;
  throw problem('unavailable', {
    detail: `It goes on: ${written.pending} tells how far it is.`,
    extra: { url: written.pending },
  });
}

const createOne =
  (entity: string): Resolver<{ input: Input }> =>
  async (_source, { input }, graphql, info) =>
    writtenRecord(graphql, entity, finished(await graphql.repository.create(graphql.context, entity, input)), info);

const createMany =
  (entity: string): Resolver<{ inputs: readonly Input[] }> =>
  async (_source, { inputs }, graphql, info) => {
    const records: unknown[] = [];
    for (const [at, input] of inputs.entries()) {
      const written = finished(await graphql.repository.create(graphql.context, entity, input));
      records.push(await writtenRecord(graphql, entity, written, info, [at]));
    }
    return records;
  };

const updateOne =
  (entity: string): Resolver<{ id: string; patch: Input; ifVersion?: number | null }> =>
  async (_source, { id, patch, ifVersion }, graphql, info) => {
    const options = ifVersion == null ? {} : { ifVersion };
    const written = finished(await graphql.repository.update(graphql.context, entity, id, patch, options));
    return writtenRecord(graphql, entity, written, info);
  };

const upsertOne =
  (entity: string): Resolver<{ input: Input; on: string }> =>
  async (_source, { input, on }, graphql, info) =>
    writtenRecord(graphql, entity, finished(await graphql.repository.upsert(graphql.context, entity, input, on)), info);

const deleteOne =
  (entity: string): Resolver<{ id: string; ifVersion?: number | null }> =>
  async (_source, { id, ifVersion }, { repository, context }) =>
    finished(await repository.remove(context, entity, id, ifVersion == null ? {} : { ifVersion }));

const restoreOne =
  (entity: string): Resolver<{ id: string }> =>
  async (_source, { id }, graphql, info) =>
    writtenRecord(graphql, entity, finished(await graphql.repository.restore(graphql.context, entity, id)), info);
