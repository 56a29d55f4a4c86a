// The catalogue of hooks around a write. The repository declares them; plugins, automation and the platform implement them; app.ts joins.
import type { Entity } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import type { Context } from './context.ts';

export type WriteOperation = 'create' | 'update' | 'delete' | 'restore' | 'purge';

/** One record's change on its way. `before` and `after` hold API values by field name (never secrets). */
export interface Change {
  readonly operation: WriteOperation;
  readonly entity: Entity;
  readonly id: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  /** What the record will be; null on delete and purge. */
  readonly after: Readonly<Record<string, unknown>> | null;
  /** Names of the fields whose value differs. */
  readonly changed: readonly string[];
  /** Names of the secret fields that are set; absent: none. */
  readonly secrets?: readonly string[];
}

export interface Hooks {
  /** Before the transaction opens; may wait for the network. Returned issues refuse the write (422). */
  readonly prepare?: (context: Context, change: Change) => Promise<readonly Issue[]> | readonly Issue[];
  /** In the transaction, before the row is written. Returned values (field name → API value) are parsed and set; issues refuse the write. */
  readonly beforeSave?: (
    context: Context,
    change: Change,
  ) => Promise<BeforeSaveResult | undefined> | BeforeSaveResult | undefined;
  /** In the transaction, after the row, its audit row and its event are written. */
  readonly afterSave?: (context: Context, change: Change) => Promise<void> | void;
  /** After the commit; a throw is logged and changes nothing. */
  readonly afterCommit?: (context: Context, changes: readonly Change[]) => Promise<void> | void;
}

export interface BeforeSaveResult {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly issues?: readonly Issue[];
}

/** Named so that a failing one can be told. */
export interface HookSet extends Hooks {
  readonly name: string;
}
