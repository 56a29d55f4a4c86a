// Resolvers: the root field has read everything in one statement, the fields below only hand it on.
import { GraphQLError, type GraphQLFieldResolver, type GraphQLObjectType, type GraphQLResolveInfo, getNamedType } from 'graphql';
import { entityNamed } from '../metadata/aliases.ts';
import type { Entity } from '../metadata/registry.ts';
import { Problem, problem } from '../problem.ts';
import { encodeCursor } from '../query/cursor.ts';
import { formatSort } from '../query/sort.ts';
import { seenBy } from '../repository/access.ts';
import type { Context } from '../repository/context.ts';
import type { DuplicateFinding, ListPage, Repository, Written } from '../repository/repository.ts';
import { type ListArguments, listOptions } from './list-arguments.ts';
import { connectionSelection, includeKey, selectionOf } from './look-ahead.ts';

/** `contextValue` of an execution. */
export interface GraphqlContext {
  readonly context: Context;
  readonly repository: Repository;
  /** Filled by mutations: what they are warned of, by their path in the answer. */
  readonly warnings?: MutationWarning[];
  /** Filled with the records of a mutation that were written but are not its caller's to read. */
  readonly unreadable?: UnreadableRecord[];
}

export interface MutationWarning extends DuplicateFinding {
  readonly code: 'possible_duplicate';
  readonly path: readonly (string | number)[];
}

/** Told in the result's `extensions.unreadable`, as null stands in its place. */
export interface UnreadableRecord {
  /** As GraphQL's errors tell theirs. */
  readonly path: readonly (string | number)[];
  readonly id: string;
  readonly version: number;
}

/**
 * The entity as the caller sees it in the request's registry: one schema serves all registries of its shape, and a name that the schema
 * still has may have run out meanwhile.
 * @throws problem not_found
 */
export function entityOf(context: Context, name: string): Entity {
  const entity = entityNamed(seenBy(context), name);
  if (entity === undefined) throw problem('not_found', { detail: `There is no "${name}".` });
  return entity;
}

type RecordObject = Readonly<Record<string, unknown>>;
export type Resolver<Arguments> = GraphQLFieldResolver<unknown, GraphqlContext, Arguments>;

interface Connection {
  readonly nodes: readonly unknown[];
  readonly edges: readonly { readonly cursor: string; readonly node: unknown }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: number | null;
}

/** A related record, or (with `target`) a connection of related records, that the root field's statement brought along. */
export function relatedResolver(target?: string): GraphQLFieldResolver<RecordObject, GraphqlContext, ListArguments> {
  return (source, args, { context }, info) => {
    const value = source[includeKey(String(info.path.key))];
    if (target === undefined || value === null || value === undefined) return value ?? null;
    const list = value as {
      data: readonly unknown[];
      page: { hasNext: boolean; keys?: readonly (string | null)[][]; total?: number };
    };
    const sort = formatSort(listOptions(seenBy(context), entityOf(context, target), args, 'nested').sort);
    const cursors = (list.page.keys ?? []).map((values) => encodeCursor({ sort, values }));
    return connection(list.data, cursors, list.page.hasNext, args.after != null, list.page.total ?? null);
  };
}

function connection(
  nodes: readonly unknown[],
  cursors: readonly string[],
  hasNextPage: boolean,
  hasPreviousPage: boolean,
  totalCount: number | null,
): Connection {
  return {
    nodes,
    edges: nodes.map((node, index) => ({ cursor: cursors[index] ?? '', node })),
    pageInfo: { hasNextPage, hasPreviousPage, startCursor: cursors[0] ?? null, endCursor: cursors.at(-1) ?? null },
    totalCount,
  };
}

/** One record by id; null where there is none. */
export function recordResolver(entity: string): Resolver<{ id: string }> {
  return async (_source, { id }, { repository, context }, info) => {
    try {
      return await readRecord(repository, context, entity, id, info);
    } catch (error) {
      if (error instanceof Problem && error.code === 'not_found') return null;
      throw error;
    }
  };
}

/** Reads what the selection of the current field asks of a record. */
export async function readRecord(
  repository: Repository,
  context: Context,
  name: string,
  id: string,
  info: GraphQLResolveInfo,
): Promise<unknown> {
  const entity = entityOf(context, name);
  const type = getNamedType(info.returnType) as GraphQLObjectType;
  const selection = selectionOf(info, seenBy(context), entity, type, info.fieldNodes);
  return JSON.parse(await repository.read(context, entity.name, id, { selection }));
}

/** The record after a write. Whoever may write but not read it gets null, and its id and version beside the data. */
export async function writtenRecord(
  { repository, context, unreadable }: GraphqlContext,
  name: string,
  { id, version }: Pick<Written, 'id' | 'version'>,
  info: GraphQLResolveInfo,
  below: readonly number[] = [],
): Promise<unknown> {
  try {
    return await readRecord(repository, context, name, id, info);
  } catch (error) {
    if (!(error instanceof Problem) || (error.code !== 'not_found' && error.code !== 'forbidden')) throw error;
    unreadable?.push({ path: [info.path.key, ...below], id, version });
    return null;
  }
}

export function listResolver(name: string): Resolver<ListArguments> {
  return async (_source, args, { repository, context }, info) => {
    if (args.first != null && args.last != null)
      throw new GraphQLError('Give "first" or "last", not both.', { extensions: { code: 'invalid_query' } });
    const registry = seenBy(context);
    const entity = entityOf(context, name);
    const options = listOptions(registry, entity, args, 'root');
    const asked = connectionSelection(
      info,
      registry,
      entity,
      getNamedType(info.returnType) as GraphQLObjectType,
      info.fieldNodes,
    );
    const page = await repository.list(context, {
      entity: entity.name,
      selection: asked.selection,
      ...(options.filter === undefined ? {} : { filter: options.filter }),
      ...(args.q == null ? {} : { search: args.q }),
      sort: options.sort,
      limit: options.limit,
      ...backwards(args),
      ...(options.after === undefined ? {} : { after: options.after }),
      ...(args.offset == null ? {} : { offset: args.offset }),
      count: asked.total ? 'exact' : 'none',
      deleted: 'live',
    });
    return pageConnection(page);
  };
}

/** `last` counts from the end, or from `before` where that is given. */
const backwards = (args: ListArguments): { before?: string; fromEnd?: boolean } =>
  args.before != null ? { before: args.before } : args.last != null ? { fromEnd: true } : {};

function pageConnection(page: ListPage): Connection {
  const nodes = page.rows.map((row): unknown => JSON.parse(row));
  return connection(nodes, page.cursors, page.page.hasNext, page.page.hasPrev, page.page.total ?? null);
}
