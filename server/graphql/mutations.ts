// Mutation fields of an entity: create one or many, update, upsert, delete, restore; whatever its metadata allows.
import type { ObjectTypeComposerFieldConfigDefinition, SchemaComposer } from 'graphql-compose';
import type { Entity, Field } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import type { Written } from '../repository/repository.ts';
import { namesOf } from './names.ts';
import { underOtherNames, understood } from './other-names.ts';
import { type GraphqlContext, type Resolver, writtenRecord } from './resolvers.ts';

type Input = Readonly<Record<string, unknown>>;

type Add = (fields: Readonly<Record<string, ObjectTypeComposerFieldConfigDefinition<unknown, GraphqlContext>>>) => void;

/** @param deprecation of all of them, under a name that the entity had before */
export function addMutations(
  composer: SchemaComposer,
  entity: Entity,
  deprecation: { readonly deprecationReason?: string } = {},
): void {
  const names = namesOf(entity);
  const add: Add = (fields) => {
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
  addMerging(entity, add);
}

function addMerging(entity: Entity, add: Add): void {
  if (!entity.operations.has('merge')) return;
  const names = namesOf(entity);
  add({
    [names.mutation('merge')]: {
      type: names.type,
      description: 'Merges `records` into the one: `fields` says by name whose value is kept, as ids.',
      args: { id: 'ID!', records: '[ID!]!', fields: 'JSON', ifVersion: 'Int' },
      resolve: mergeOne(entity.name),
    },
    [names.mutation('unmerge')]: {
      type: names.type,
      description: 'Undoes the newest merge into the record, or the one named.',
      args: { id: 'ID!', merge: 'ID' },
      resolve: unmergeOne(entity.name),
    },
  });
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

/** What the write is warned of goes into the `extensions` of the answer. */
function finished(
  written: Written,
  told?: { readonly to: GraphqlContext; readonly path: readonly (string | number)[] },
): Written {
  for (const warning of written.warnings ?? [])
    told?.to.warnings?.push({ code: 'possible_duplicate', path: told.path, ...warning });
  // GraphQL has no word for what goes on after the wait: it says where to look, as an error.
  if (written.pending === undefined) return written;
  throw problem('unavailable', {
    detail: `It goes on: ${written.pending} tells how far it is.`,
    extra: { url: written.pending },
  });
}

const createOne =
  (entity: string): Resolver<{ input: Input }> =>
  async (_source, { input }, graphql, info) => {
    const told = { to: graphql, path: [info.path.key] };
    const written = finished(await graphql.repository.create(graphql.context, entity, input), told);
    return writtenRecord(graphql, entity, written, info);
  };

const createMany =
  (entity: string): Resolver<{ inputs: readonly Input[] }> =>
  async (_source, { inputs }, graphql, info) => {
    const records: unknown[] = [];
    for (const [at, input] of inputs.entries()) {
      const told = { to: graphql, path: [info.path.key, at] };
      const written = finished(await graphql.repository.create(graphql.context, entity, input), told);
      records.push(await writtenRecord(graphql, entity, written, info, [at]));
    }
    return records;
  };

const updateOne =
  (entity: string): Resolver<{ id: string; patch: Input; ifVersion?: number | null }> =>
  async (_source, { id, patch, ifVersion }, graphql, info) => {
    const options = ifVersion == null ? {} : { ifVersion };
    const told = { to: graphql, path: [info.path.key] };
    const written = finished(await graphql.repository.update(graphql.context, entity, id, patch, options), told);
    return writtenRecord(graphql, entity, written, info);
  };

const upsertOne =
  (entity: string): Resolver<{ input: Input; on: string }> =>
  async (_source, { input, on }, graphql, info) => {
    const told = { to: graphql, path: [info.path.key] };
    const written = finished(await graphql.repository.upsert(graphql.context, entity, input, on), told);
    return writtenRecord(graphql, entity, written, info);
  };

const deleteOne =
  (entity: string): Resolver<{ id: string; ifVersion?: number | null }> =>
  async (_source, { id, ifVersion }, { repository, context }) =>
    finished(await repository.remove(context, entity, id, ifVersion == null ? {} : { ifVersion }));

const restoreOne =
  (entity: string): Resolver<{ id: string }> =>
  async (_source, { id }, graphql, info) =>
    writtenRecord(graphql, entity, finished(await graphql.repository.restore(graphql.context, entity, id)), info);

const mergeOne =
  (entity: string): Resolver<{ id: string; records: readonly string[]; fields?: unknown; ifVersion?: number | null }> =>
  async (_source, { id, records, fields, ifVersion }, graphql, info) => {
    const request = { records, ...(fields == null ? {} : { fields: fields as Readonly<Record<string, string>> }) };
    const options = ifVersion == null ? {} : { ifVersion };
    const told = { to: graphql, path: [info.path.key] };
    const written = finished(await graphql.repository.merge(graphql.context, entity, id, request, options), told);
    return writtenRecord(graphql, entity, written, info);
  };

const unmergeOne =
  (entity: string): Resolver<{ id: string; merge?: string | null }> =>
  async (_source, { id, merge }, graphql, info) =>
    writtenRecord(
      graphql,
      entity,
      finished(await graphql.repository.unmerge(graphql.context, entity, id, merge ?? undefined)),
      info,
    );
