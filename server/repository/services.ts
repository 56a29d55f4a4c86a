// What the repository is made of: the pool, the hooks that peers gave it, and the log.
import type { Knex } from 'knex';
import type { RecordDelegates } from './delegates.ts';
import type { HookSet } from './hooks.ts';

export interface RepositoryServices {
  readonly knex: Knex;
  /** In order; a hook set registered later sees what an earlier one set. */
  readonly hooks: readonly HookSet[];
  /** Entities whose records are written by a peer. */
  readonly delegates?: RecordDelegates;
  /** For what must not fail a request: a hook after the commit that throws. */
  readonly onError: (message: string, error: unknown) => void;
}
