// The query tree: what REST parameters and GraphQL selections both become before anything is planned.
import type { Condition } from '../conditions/tree.ts';

export interface SortKey {
  readonly field: string;
  readonly descending: boolean;
}

/** Which fields of a record, and which related records beside them. */
export interface Selection {
  /** Field names, former ones too: the answer has what was asked for. null: all readable, not hidden. */
  readonly fields: readonly string[] | null;
  readonly include: readonly Include[];
}

export interface Include {
  /** Output key; the relation's name unless GraphQL aliases it. */
  readonly as: string;
  readonly relation: string;
  readonly selection: Selection;
  /** For to-many relations only. */
  readonly filter?: Condition;
  readonly sort?: readonly SortKey[];
  readonly limit?: number;
  readonly after?: string;
  /** Renders `page.keys` (each record's sort values) and `page.total` too. */
  readonly keys?: boolean;
  readonly total?: boolean;
}

export interface ListQuery {
  /** What the rows are wanted for: beside `read`, this right is asked for as well. */
  readonly right?: 'export';
  readonly entity: string;
  readonly selection: Selection;
  readonly filter?: Condition;
  /** Full text, over the entity's search fields. */
  readonly search?: string;
  readonly sort: readonly SortKey[];
  readonly limit: number;
  /** Opaque keyset cursors (query/cursor.ts). */
  readonly after?: string;
  readonly before?: string;
  /** The last page instead of the first. */
  readonly fromEnd?: boolean;
  readonly offset?: number;
  readonly count: 'none' | 'exact' | 'estimated';
  readonly deleted: 'live' | 'only' | 'with';
}
