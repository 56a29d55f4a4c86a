// The one door to the records: every read and write of every floor above passes here, with its rights, audit and events.
import type { AggregateQuery, ListQuery, Selection } from '../query/ast.ts';
import type { Context } from './context.ts';
import type { PastRecord } from './insert-many.ts';
import type { MassQuery } from './matching.ts';

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
  /** Rules that warn of records like this one. */
  readonly warnings?: readonly DuplicateFinding[];
}

/** A record that is like another. */
export interface Duplicate {
  readonly id: string;
  readonly display_name: string | null;
  /** 0 … 1 */
  readonly score: number;
}

/** What one duplicate rule has found. */
export interface DuplicateFinding {
  readonly rule: string;
  readonly action: 'block' | 'warn';
  /** The fields that it compares. */
  readonly pointers: readonly string[];
  /** The most alike of those that the caller may read, at most ten. */
  readonly records: readonly Duplicate[];
  /** There are others, which the caller may not read or which are too many. */
  readonly others: boolean;
}

export interface WriteOptions {
  /** From If-Match: refuse (stale_version) unless the record has this version. */
  readonly ifVersion?: number;
  /** Report instead of refuse: the field is left out, the issue goes here (imports with `rejectField`). */
  readonly onFieldIssue?: (issue: { pointer: string; code: string; detail: string; value: unknown }) => void;
}

export interface MergeRequest {
  /** Ids of the records that are merged into the one. */
  readonly records: readonly string[];
  /** Field name → id of the record whose value is kept. Where nothing is said: its own, else the first that has any. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** `records` are those that were merged into it or are there again; what referred to them was moved, or taken away as a double. */
export interface Merged extends Written {
  readonly merge: string;
  readonly records: readonly string[];
  readonly moved: number;
  readonly collapsed: number;
}

export interface ReadOptions {
  readonly selection?: Selection;
  readonly deleted?: 'live' | 'with';
}

/** One group: its keys as they were asked for, `count`, and by function and field the other figures. */
export interface Group {
  readonly group: Readonly<Record<string, unknown>>;
  readonly [figure: string]: unknown;
}

export interface Aggregates {
  readonly groups: readonly Group[];
  readonly limit: number;
  /** There are more groups than the limit. */
  readonly hasNext: boolean;
  /** Field → currency of its figures, where these are converted. */
  readonly currencies?: Readonly<Record<string, string>>;
  /** Id → name of records that are keys. */
  readonly names?: Readonly<Record<string, string>>;
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
  /** Figures by groups, over the records that the actor may read. */
  aggregate(context: Context, query: AggregateQuery): Promise<Aggregates>;
  /**
   * Ids of the records that a mass change is about, locked until the commit; those that the actor may not change so are none.
   * @throws problem `too_many_affected` when there are more than `most`
   */
  matching(context: Context, query: MassQuery, right: 'update' | 'delete', most: number): Promise<readonly string[]>;
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
  /** Makes one record of several: the one keeps its id, the others are deleted and lead to it. */
  merge(context: Context, entity: string, id: string, request: MergeRequest, options?: WriteOptions): Promise<Merged>;
  /**
   * Undoes the newest merge into a record that still stands, or the one with that id.
   * @throws problem `merge_changed` with what has been changed since
   */
  unmerge(context: Context, entity: string, id: string, merge?: string): Promise<Merged>;
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
  /**
   * Records like one that is typed: by the rules of the entity. Input as of `create`; what is malformed or missing is left out.
   * With the `id` of a record, input is a patch of that.
   */
  duplicates(
    context: Context,
    entity: string,
    input: Readonly<Record<string, unknown>>,
    options?: { readonly id?: string },
  ): Promise<readonly DuplicateFinding[]>;
  /** Records of a past, many at once: held to the rules, with audit and timeline, without hooks and events. Returns how many are new. */
  insertMany(context: Context, entity: string, records: readonly PastRecord[]): Promise<number>;
  search(context: Context, text: string, options: { entities?: readonly string[]; limit: number }): Promise<readonly SearchHit[]>;
  /** Runs in one transaction; nested calls join it. Retries serialisation failures and deadlocks of the outermost call. */
  transaction<T>(context: Context, work: (inner: Context & Required<Pick<Context, 'transaction'>>) => Promise<T>): Promise<T>;
}
