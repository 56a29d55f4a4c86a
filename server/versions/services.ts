// What carrying a version through needs, and how patient it is.
import type { Knex } from 'knex';
import type { FieldType } from '../fields/field-type.ts';
import type { Registry } from '../metadata/registry.ts';
import type { Naming } from '../tables/schema-types.ts';
import type { Log } from '../telemetry/log.ts';

export interface VersionServices {
  readonly knex: Knex;
  /** A direct connection, for LISTEN and the lock that tells that a node lives. */
  readonly url: string;
  /** The whole catalogue, as in `Registry.fieldTypes`. */
  readonly fieldTypes: ReadonlyMap<string, FieldType>;
  readonly app: Naming;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  /** Throws when this process cannot serve the registry, e.g. because a plugin is missing. */
  readonly check?: (registry: Registry) => void;
  /** Once aborted, what is under way stops where it is and another process goes on with it. */
  readonly signal?: AbortSignal;
  readonly timing?: Partial<Timing>;
}

export interface Timing {
  /** How long a statement waits for a lock: everybody behind it waits as long. */
  readonly lockTimeoutMs: number;
  /** How long a step is tried again before the version is undone. */
  readonly lockBudgetMs: number;
  /** Rows of one batch. */
  readonly batchRows: number;
  /** After how long a living node that has not acknowledged is told of in the log. */
  readonly acknowledgeMs: number;
  /** How often a node looks for a publication that no message told of. */
  readonly pollMs: number;
}

const usual: Timing = { lockTimeoutMs: 100, lockBudgetMs: 60_000, batchRows: 500, acknowledgeMs: 15_000, pollMs: 1_000 };

export const timingOf = ({ timing }: Pick<VersionServices, 'timing'>): Timing => ({ ...usual, ...timing });

/** For callers that have a registry and a database only. */
export function servicesOf(
  knex: Knex,
  registry: { readonly app: Naming; readonly fieldTypes: VersionServices['fieldTypes'] },
): VersionServices {
  const silent = (): void => undefined;
  const { app, fieldTypes } = registry;
  return { knex, url: '', app, fieldTypes, log: { info: silent, warn: silent, error: silent } as VersionServices['log'] };
}
