// The records' side of the application, without HTTP: what workers and command line tools need as well.

import type { AutomationEntries } from '../automation/catalogue.ts';
import type { Config } from '../config.ts';
import { type Database, openDatabase } from '../database/open.ts';
import { loadRegistry, pluginNames } from '../metadata/load-registry.ts';
import { type Registry, type RegistryHolder, registryHolder } from '../metadata/registry.ts';
import { closePlugins, loadPlugins, pluginHooks, setUpPlugins } from '../plugins/load-plugins.ts';
import type { LoadedPlugin } from '../plugins/plugin.ts';
import { createRepository } from '../repository/create-repository.ts';
import type { Repository } from '../repository/repository.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import { applyAdditive } from './apply-additive.ts';

export interface Parts {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  readonly registry: RegistryHolder;
  readonly repository: Repository;
  readonly plugins: readonly LoadedPlugin<AutomationEntries>[];
  /** Closes the plugins and the database. */
  close(): Promise<void>;
}

export interface PartsInput {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  readonly registry: Registry;
  readonly plugins: readonly LoadedPlugin<AutomationEntries>[];
}

export function composeParts({ config, log, database, registry, plugins }: PartsInput): Parts {
  const onError = (message: string, error: unknown): void => log.error({ err: error }, message);
  const repository = createRepository({ knex: database.knex, hooks: pluginHooks(plugins), onError });
  const close = async (): Promise<void> => {
    await closePlugins(plugins).finally(() => database.stop());
  };
  return { config, log, database, registry: registryHolder(registry), repository, plugins, close };
}

/**
 * Loads the plugins and the metadata, opens the database and joins them.
 * @param options.migrate applies the additive steps first, as `start` does
 * @throws MetadataError, or an Error with a sentence on what is missing
 */
export async function openParts(config: Config, options: { readonly migrate: boolean }): Promise<Parts> {
  const log = createLog({ level: config.logLevel });
  const names = await pluginNames(config.metadataDir);
  const plugins = await loadPlugins<AutomationEntries>({
    names,
    environment: process.env,
    log: (message, details) => log.info({ ...details }, message),
  });
  const registry = await loadRegistry({
    metadataDir: config.metadataDir,
    fieldTypes: plugins.flatMap((plugin) => plugin.fieldTypes ?? []),
  });
  const database = await openDatabase(config, log);
  try {
    if (options.migrate) await applyAdditive(database.knex, registry, log);
    const parts = composeParts({ config, log, database, registry, plugins });
    await setUpPlugins(plugins, parts);
    return parts;
  } catch (error) {
    await database.stop();
    throw error;
  }
}
