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

export const periods = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'weekday'] as const;
/** A part of a date or time that records are grouped by. */
export type Period = (typeof periods)[number];

export interface GroupKey {
  /** As it was asked for, and as the answer calls it: `stage`, `month(close_date)`, `address.city`. */
  readonly as: string;
  readonly field: string;
  /** Of a field with parts. */
  readonly part?: string;
  readonly period?: Period;
}

export const measureFunctions = ['count', 'sum', 'avg', 'min', 'max'] as const;
export type MeasureFunction = (typeof measureFunctions)[number];

export interface Measure {
  readonly calculate: MeasureFunction;
  /** As it was asked for. */
  readonly as: string;
  /** The field that is read: of an amount of money its value in the base currency; absent: the records themselves. */
  readonly field?: string;
  /** Of a sum of money that is in one currency. */
  readonly currency?: string;
}

export interface GroupSort {
  readonly by: 'key' | 'measure';
  readonly at: number;
  readonly descending: boolean;
}

export interface AggregateQuery {
  readonly entity: string;
  readonly filter?: Condition;
  readonly search?: string;
  readonly deleted: ListQuery['deleted'];
  /** None: one group of all records. */
  readonly groupBy: readonly GroupKey[];
  readonly measures: readonly Measure[];
  /** Positions in `groupBy` or `measures`. */
  readonly sort: readonly GroupSort[];
  readonly limit: number;
  /** IANA name; in it days begin. */
  readonly timeZone: string;
}
