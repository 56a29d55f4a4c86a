// The workshop's repository on a database of its own, with the few calls that its tests make again and again.
import { randomUUID } from 'node:crypto';
import type { Entity, Registry } from '../../../server/metadata/registry.ts';
import type { AccessLevel, Right } from '../../../server/metadata/types.ts';
import { Problem } from '../../../server/problem.ts';
import type { ListQuery } from '../../../server/query/ast.ts';
import { parseListQuery, parseReadQuery } from '../../../server/query/parse.ts';
import { type Actor, type Reach, systemActor } from '../../../server/repository/actor.ts';
import { type Context, systemContext } from '../../../server/repository/context.ts';
import { createRepository } from '../../../server/repository/create-repository.ts';
import type { HookSet } from '../../../server/repository/hooks.ts';
import type { ListPage, Repository } from '../../../server/repository/repository.ts';
import { migratedDatabase } from '../../support/app.ts';
import type { TestDatabase } from '../../support/database.ts';
import { granted } from '../../support/granted.ts';
import { workshopRegistry } from './workshop.ts';

export type Values = Readonly<Record<string, unknown>>;
export type Row = Readonly<Record<string, unknown>>;
/** Rights by entity, `*` for the others; an operation that is not named is as `*` of the entity has it. */
export type Rights = Readonly<Record<string, AccessLevel | Readonly<Partial<Record<Right | '*', AccessLevel>>>>>;

export interface Desk {
  readonly registry: Registry;
  readonly repository: Repository;
  readonly database: TestDatabase;
  /** A user who may do everything. */
  readonly me: Context;
  /** Errors that were only logged. */
  readonly errors: readonly string[];
  entity(name: string): Entity;
  /** A new user with these rights. */
  someone(rights: Rights): Promise<Context>;
  create(entity: string, values?: Values, context?: Context): Promise<string>;
  read(entity: string, id: string, query?: string, context?: Context): Promise<Row>;
  /** `?…` of a list request, without the question mark. */
  list(
    entity: string,
    query?: string,
    context?: Context,
  ): Promise<{ readonly data: readonly Row[]; readonly page: ListPage['page'] }>;
  ask(query: string, entity: string): ListQuery;
  sql(text: string, ...values: unknown[]): Promise<readonly Row[]>;
  stop(): Promise<void>;
}

/**
 * @param registry another one over the same tables, e.g. while a change of the workshop is under way
 * @param tables of another application
 */
export async function openDesk(
  hooks: readonly HookSet[] = [],
  registry: Registry = workshopRegistry(),
  tables: Registry = workshopRegistry(),
): Promise<Desk> {
  const database = await migratedDatabase(tables);
  const errors: string[] = [];
  const repository = createRepository({ knex: database.knex, hooks, onError: (message) => errors.push(message) });
  const entity = (name: string): Entity => {
    const found = registry.entities.get(name);
    if (found === undefined) throw new Error(`no entity ${name}`);
    return found;
  };
  const user = async (rights: Rights): Promise<Context> => {
    const values = { email: `u${randomUUID()}@example.com`, first_name: 'A', last_name: 'User' };
    const { id } = await repository.create(systemContext(registry), 'users', values);
    return { ...systemContext(registry, 'api'), actor: actorWith(id, rights) };
  };
  const me = await user({ '*': 'all' });
  let made = 0;
  return {
    registry,
    repository,
    database,
    me,
    errors,
    entity,
    someone: user,
    create: async (name, values = {}, context = me) => {
      made += 1;
      return (await repository.create(context, name, { name: `${name} ${made}`, ...values })).id;
    },
    read: async (name, id, query = '', context = me) => {
      const selection = parseReadQuery(registry, entity(name), new URLSearchParams(query));
      return JSON.parse(await repository.read(context, name, id, { selection })) as Row;
    },
    list: async (name, query = '', context = me) => {
      const page = await repository.list(context, parseListQuery(registry, entity(name), new URLSearchParams(query)));
      return { data: page.rows.map((row) => JSON.parse(row) as Row), page: page.page };
    },
    ask: (query, name) => parseListQuery(registry, entity(name), new URLSearchParams(query)),
    sql: async (text, ...values) => (await database.knex.raw<{ rows: Row[] }>(text, values as never)).rows,
    stop: () => database.drop(),
  };
}

export function actorWith(id: string, rights: Rights, reach: Reach = { users: [id], teams: [] }, parts?: GrantParts): Actor {
  const level = (name: string, right: Right): AccessLevel => {
    const given = rights[name] ?? rights['*'] ?? 'none';
    if (typeof given === 'string') return given;
    return given[right] ?? given['*'] ?? 'none';
  };
  return { ...systemActor, ...granted(level, reach, parts), id, name: 'A User', roles: ['some'] };
}

type GrantParts = Parameters<typeof granted>[2];

/** What a promise comes to: `ok`, or the code of its problem and the pointers of its findings. */
export async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [error.code, ...error.errors.map((issue) => `${issue.pointer} ${issue.code}`)].join(' · ');
  }
}

/** The problem that a promise fails with. */
export async function failure(work: Promise<unknown>): Promise<Problem> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}
