// The records' side of the application, without HTTP: what workers and command line tools need as well.
import { setTimeout as sleep } from 'node:timers/promises';
import { type AutomationEntries, checkWorkflows } from '../automation/catalogue.ts';
import type { Config } from '../config.ts';
import { type Database, openDatabase } from '../database/open.ts';
import { type Registry, type RegistryHolder, registryHolder } from '../metadata/registry.ts';
import { closePlugins, pluginHooks, setUpPlugins } from '../plugins/load-plugins.ts';
import type { LoadedPlugin } from '../plugins/plugin.ts';
import { createRepository } from '../repository/create-repository.ts';
import type { Repository } from '../repository/repository.ts';
import { createStudio, type Studio } from '../studio/studio.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import { status } from '../versions/migrate.ts';
import type { VersionServices } from '../versions/services.ts';
import { applyAdditive } from './apply-additive.ts';
import { catalogueOf, requireKnownSteps } from './automation-catalogue.ts';
import { loadApplication } from './load-application.ts';

export interface Parts {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  readonly registry: RegistryHolder;
  readonly repository: Repository;
  readonly versions: VersionServices;
  readonly studio: Studio;
  /** What makes this process serve a newer publication at once; set by whoever watches for them. */
  readonly newest: { refresh: () => Promise<boolean> };
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
  const holder = registryHolder(registry);
  const { app, fieldTypes } = registry;
  const { knex, url } = database;
  const check = (wanted: Registry): void => requireKnownSteps(wanted, plugins);
  const versions: VersionServices = { knex, url, app, fieldTypes, log, check };
  const newest = { refresh: async () => false };
  const studio = createStudio({
    versions,
    registry: holder,
    log,
    refresh: () => newest.refresh(),
    objections: (wanted) => checkWorkflows(wanted, catalogueOf(plugins)),
    repository: () => repository,
  });
  const repository: Repository = createRepository({
    knex,
    hooks: pluginHooks(plugins),
    delegates: studio.delegates,
    onError,
  });
  const close = async (): Promise<void> => {
    await closePlugins(plugins).finally(() => database.stop());
  };
  return { config, log, database, registry: holder, repository, versions, studio, newest, plugins, close };
}

export interface OpenOptions {
  /** Applies the additive steps first, as `start` does. */
  readonly migrate: boolean;
  /** Waits until another process has made the tables; for a worker that is there first. */
  readonly wait?: boolean;
  /** Stands in the log lines, where several processes write to one log. */
  readonly name?: string;
}

/**
 * Loads the plugins and the metadata, opens the database and joins them.
 * @throws MetadataError, or an Error with a sentence on what is missing
 */
export async function openParts(config: Config, options: OpenOptions): Promise<Parts> {
  const log = createLog({ level: config.logLevel, ...(options.name === undefined ? {} : { name: options.name }) });
  const { plugins, registry } = await loadApplication(config.metadataDir, log);
  try {
    const database = await openDatabase(config, log);
    try {
      if (options.migrate) await applyAdditive(database.knex, registry, log);
      if (options.wait === true) await untilInstalled(database, registry, log);
      const parts = composeParts({ config, log, database, registry, plugins });
      await setUpPlugins(plugins, parts);
      return parts;
    } catch (error) {
      await database.stop();
      throw error;
    }
  } catch (error) {
    await closePlugins(plugins);
    throw error;
  }
}

const installedPollMs = 500;

async function untilInstalled(database: Database, registry: Registry, log: Log): Promise<void> {
  for (let told = false; (await status(database.knex, registry)).current === undefined; told = true) {
    if (!told) log.info('Waiting for the tables, which "formwork start" or "formwork migrate" makes');
    await sleep(installedPollMs);
  }
}
