// The shapes of a schema model: what the tables of one registry look like, as plain JSON keyed by stable ids.
import type { NormaliserName } from '../matching/normalisers.ts';

export interface ColumnModel {
  /** Field id + column suffix: survives a rename of the field. After a change of type with its generation, `fld_x@2`. */
  readonly id: string;
  /** Id of the field; absent in models of older versions. */
  readonly field?: string;
  readonly name: string;
  /** As `format_type` prints it. */
  readonly type: string;
  readonly notNull: boolean;
  /** SQL expression; null: none. */
  readonly default: string | null;
  readonly collation: string | null;
  /** Its values are plural names of entities (the type of a reference to records of any kind), or names of features. */
  readonly holds?: 'entityName' | 'featureName';
  /** A key for the duplicate rules: the column that it is made of, and how. */
  readonly keyOf?: { readonly column: string; readonly normaliser: NormaliserName };
  /** Renamed aside when its field went; kept so that going back gives the values back. */
  readonly retired?: true;
}

export interface IndexColumn {
  readonly name: string;
  readonly order: 'ASC' | 'DESC' | 'DESC NULLS LAST';
}

export interface IndexModel {
  /** Hash of entity, columns and kind, all by id: the same index after any rename. */
  readonly id: string;
  readonly name: string;
  readonly columns: readonly IndexColumn[];
  readonly unique: boolean;
  readonly method: 'btree' | 'trigram';
  /** true: only rows that are not deleted. */
  readonly liveOnly: boolean;
}

export interface ForeignKeyModel {
  readonly id: string;
  readonly name: string;
  readonly column: string;
  readonly targetEntityId: string;
  /** Table of the same schema; always its column `id`. */
  readonly targetTable: string;
}

export interface TableModel {
  readonly entityId: string;
  /** Plural name of the entity. */
  readonly entity: string;
  readonly name: string;
  readonly columns: readonly ColumnModel[];
  readonly primaryKey: { readonly name: string; readonly columns: readonly string[] };
  readonly indexes: readonly IndexModel[];
  readonly foreignKeys: readonly ForeignKeyModel[];
  /** Range partitioned by created_at, one partition a month. */
  readonly partitioned: boolean;
  readonly retired?: true;
}

export interface SchemaModel {
  readonly schema: string;
  readonly tables: readonly TableModel[];
}

/** The part of the app that names tables. */
export interface Naming {
  readonly schema: string;
  readonly prefix: string;
}

/**
 * When a step runs in the life of a version. Nodes go on serving all the while:
 * `expand` adds what nobody misses yet, each step in its own transaction, before any node knows of the change;
 * `prepare` and `swap` are renames and retirements, all of a phase in one transaction together with the publication that
 * tells the nodes; between them every live node has acknowledged; `settle` tightens and clears away afterwards.
 */
export type Phase = 'expand' | 'prepare' | 'swap' | 'settle';

/** What a step needs to be told from another: `instant` holds its lock for milliseconds, `deferred` runs outside a transaction. */
export type Cost = 'instant' | 'scan' | 'rewrite' | 'deferred';

export type StepKind =
  | 'createTable'
  | 'renameTable'
  | 'retireTable'
  | 'restoreTable'
  | 'addColumn'
  | 'renameColumn'
  | 'retireColumn'
  | 'restoreColumn'
  /** A column of the new type beside the old one. */
  | 'addShadow'
  /** Two columns of one field are kept equal by a trigger. */
  | 'syncColumns'
  | 'verifyConversion'
  /** The column of the new type takes over the name. */
  | 'swapColumns'
  | 'backfill'
  /** Columns whose values the engine computes are filled for the rows that were there before. */
  | 'computeColumns'
  | 'replaceValues'
  /** Nothing has a value that is no longer offered. */
  | 'verifyOptions'
  | 'changeType'
  | 'changeDefault'
  | 'dropNotNull'
  | 'addNotNullCheck'
  | 'validateNotNull'
  | 'setNotNull'
  | 'createIndex'
  | 'renameIndex'
  | 'dropIndex'
  | 'addForeignKey'
  | 'validateForeignKey'
  | 'renameForeignKey'
  | 'dropForeignKey'
  | 'dropRetired';

/** A question to the data before the step: each row that the query finds speaks against it. */
export interface Check {
  readonly code: 'nulls' | 'duplicates' | 'unconvertible' | 'orphans' | 'unsupported' | 'options_in_use';
  /** JSON pointer to what asks for it, e.g. `/entities/books/isbn`. */
  readonly pointer: string;
  readonly detail: string;
  /** Gives `example` (text) and `total` (how many in all), at most five rows; uses the names before the change. */
  readonly sql: string;
}

export interface Step {
  /** Unique within a plan. */
  readonly id: string;
  readonly kind: StepKind;
  readonly entity: string;
  readonly table: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly phase: Phase;
  /**
   * true: `up` and `down`, each unless it is empty, are one statement that handles one batch of rows, in a transaction of its own.
   * `$1` is the id after which to go on (null at first), `$2` how many rows; it returns one row with `last` (uuid as text,
   * null when no row was left) and `count` (integer), and is repeated until `last` is null. Of `computeColumns`, `up` is two
   * statements: the first reads and locks the rows of a batch, its first line tells what is computed of which column; the
   * second writes it.
   */
  readonly batched?: true;
  /** Strongest table lock taken, as PostgreSQL names it. */
  readonly lock: string;
  readonly cost: Cost;
  /** true: what an older registry reads and writes goes on working. */
  readonly additive: boolean;
  readonly description: string;
  readonly checks: readonly Check[];
}
