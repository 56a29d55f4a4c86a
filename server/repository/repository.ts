// The one door to the records: every read and write of every floor above passes here, with its rights, audit and events.
import type { ListQuery, Selection } from '../query/ast.ts';
import type { Context } from './context.ts';
import type { PastRecord } from './insert-many.ts';

export interface PageInfo {
  readonly limit: number;
  readonly hasNext: boolean;
  readonly hasPrev: boolean;
  readonly next: string | null;
  readonly prev: string | null;
  readonly total?: number;
  readonly totalIs?: 'exact' | 'estimated';
}

export interface ListPage {
  /** One JSON text a record, as PostgreSQL rendered it. */
  readonly rows: readonly string[];
  /** One keyset cursor a record, in the same order. */
  readonly cursors: readonly string[];
  readonly page: PageInfo;
}

export interface Written {
  readonly id: string;
  readonly version: number;
  /** True where an upsert created the record. */
  readonly created: boolean;
  /** False when the write changed nothing (no new version, no audit row). */
  readonly changed: boolean;
  /** Where what was begun goes on (a path of the API): the record as asked for is not there yet, `id` may be empty. */
  readonly pending?: string;
}

export interface WriteOptions {
  /** From If-Match: refuse (stale_version) unless the record has this version. */
  readonly ifVersion?: number;
  /** Report instead of refuse: the field is left out, the issue goes here (imports with `rejectField`). */
  readonly onFieldIssue?: (issue: { pointer: string; code: string; detail: string; value: unknown }) => void;
}

export interface ReadOptions {
  readonly selection?: Selection;
  readonly deleted?: 'live' | 'with';
}

export interface SearchHit {
  readonly entity: string;
  readonly id: string;
  readonly display_name: string;
  readonly subtitle: string | null;
  readonly rank: number;
}

/** Input is a JSON object by field name, API values. Every method throws problems only (problem.ts). */
export interface Repository {
  list(context: Context, query: ListQuery): Promise<ListPage>;
  /** JSON text of the record; throws not_found for a missing, deleted or forbidden one alike. */
  read(context: Context, entity: string, id: string, options?: ReadOptions): Promise<string>;
  create(context: Context, entity: string, input: Readonly<Record<string, unknown>>, options?: WriteOptions): Promise<Written>;
  /** RFC 7396 merge-patch: null clears, absent keeps. */
  update(
    context: Context,
    entity: string,
    id: string,
    patch: Readonly<Record<string, unknown>>,
    options?: WriteOptions,
  ): Promise<Written>;
  /** Soft delete, with cascades and restrictions of the relations. */
  remove(context: Context, entity: string, id: string, options?: WriteOptions): Promise<Written>;
  /** Brings back a deleted record and what the same delete took with it. */
  restore(context: Context, entity: string, id: string): Promise<Written>;
  /** Deletes the row for good. */
  purge(context: Context, entity: string, id: string): Promise<void>;
  /** Creates, or updates the live record whose `on` field has the input's value. */
  upsert(
    context: Context,
    entity: string,
    input: Readonly<Record<string, unknown>>,
    on: string,
    options?: WriteOptions,
  ): Promise<Written>;
  /** Records of a past, many at once: held to the rules, with audit and timeline, without hooks and events. Returns how many are new. */
  insertMany(context: Context, entity: string, records: readonly PastRecord[]): Promise<number>;
  search(context: Context, text: string, options: { entities?: readonly string[]; limit: number }): Promise<readonly SearchHit[]>;
  /** Runs in one transaction; nested calls join it. Retries serialisation failures and deadlocks of the outermost call. */
  transaction<T>(context: Context, work: (inner: Context & Required<Pick<Context, 'transaction'>>) => Promise<T>): Promise<T>;
}
