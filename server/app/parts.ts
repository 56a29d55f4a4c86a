// The records' side of the application, without HTTP: what workers and command line tools need as well.
import type { Config } from '../config.ts';
import { type Database, openDatabase } from '../database/open.ts';
import { loadRegistry } from '../metadata/load-registry.ts';
import { type Registry, type RegistryHolder, registryHolder } from '../metadata/registry.ts';
import { createRepository } from '../repository/create-repository.ts';
import type { HookSet } from '../repository/hooks.ts';
import type { Repository } from '../repository/repository.ts';
import { migrate } from '../tables/migrate.ts';
import { createLog, type Log } from '../telemetry/log.ts';

export interface Parts {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  readonly registry: RegistryHolder;
  readonly repository: Repository;
  /** Closes the plugins and the database. */
  close(): Promise<void>;
}

export interface PartsInput {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  readonly registry: Registry;
  /** Of the plugins, in their order. */
  readonly hooks: readonly HookSet[];
}

export function composeParts({ config, log, database, registry, hooks }: PartsInput): Parts {
  const onError = (message: string, error: unknown): void => log.error({ err: error }, message);
  const repository = createRepository({ knex: database.knex, hooks, onError });
  return { config, log, database, registry: registryHolder(registry), repository, close: () => database.stop() };
}

/**
 * Loads the metadata, opens the database and joins both.
 * @param options.migrate applies the additive steps first, as `start` does
 * @throws MetadataError, or an Error with a sentence on what is missing
 */
export async function openParts(config: Config, options: { readonly migrate: boolean }): Promise<Parts> {
  const log = createLog({ level: config.logLevel });
  const registry = await loadRegistry({ metadataDir: config.metadataDir });
  const database = await openDatabase(config, log);
  try {
    if (options.migrate) await applyAdditive(database, registry, log);
    return composeParts({ config, log, database, registry, hooks: [] });
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function applyAdditive(database: Database, registry: Registry, log: Log): Promise<void> {
  const { applied, pending, version } = await migrate(database.knex, registry, { additiveOnly: true, reason: 'start' });
  if (applied.length > 0) log.info({ steps: applied.length, version }, 'The tables follow the metadata');
  if (pending.length > 0)
    log.warn({ steps: pending.length }, 'Steps that may disturb wait for "formwork migrate"; "formwork plan" shows them');
}
