// The records' side of the application, without HTTP: what workers and command line tools need as well.
import { setTimeout as sleep } from 'node:timers/promises';
import { overreaching } from '../auth/granting.ts';
import { rightsDifferences } from '../auth/rights-difference.ts';
import { roleHook } from '../auth/role-hook.ts';
import { type AutomationEntries, checkWorkflows, writtenFields } from '../automation/catalogue.ts';
import type { Config } from '../config.ts';
import { type Database, openDatabase } from '../database/open.ts';
import { type FeatureFlags, featureFlags } from '../features/feature-flags.ts';
import { flagHook } from '../features/flag-hook.ts';
import { MetadataError } from '../metadata/finding.ts';
import { type Registry, type RegistryHolder, registryHolder } from '../metadata/registry.ts';
import { closePlugins, pluginHooks, setUpPlugins } from '../plugins/load-plugins.ts';
import type { LoadedPlugin } from '../plugins/plugin.ts';
import { createRepository } from '../repository/create-repository.ts';
import type { Repository } from '../repository/repository.ts';
import { createStudio, type Studio } from '../studio/studio.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import { publishedRegistry } from '../versions/published.ts';
import type { VersionServices } from '../versions/services.ts';
import type { Served } from '../versions/watch.ts';
import { applyAdditive } from './apply-additive.ts';
import { catalogueOf } from './automation-catalogue.ts';
import { loadApplication } from './load-application.ts';
import { versionServices } from './version-services.ts';

export interface Parts {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  readonly registry: RegistryHolder;
  readonly repository: Repository;
  readonly versions: VersionServices;
  readonly studio: Studio;
  readonly features: FeatureFlags;
  /** Set by whoever follows what is published, see `followVersions`. */
  readonly newest: Newest;
  readonly plugins: readonly LoadedPlugin<AutomationEntries>[];
  /** What this process carries through of a change of the metadata stops where it is; another process goes on with it. */
  interrupt(): void;
  /** Closes the plugins and the database. */
  close(): Promise<void>;
}

export interface Newest {
  /** Makes this process serve a newer publication at once; true: another registry is served now. */
  refresh: () => Promise<boolean>;
  /** Absent where nobody follows. */
  state?: () => Served;
}

export interface PartsInput {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  readonly registry: Registry;
  readonly plugins: readonly LoadedPlugin<AutomationEntries>[];
  readonly timing?: NonNullable<VersionServices['timing']>;
}

export function composeParts(input: PartsInput): Parts {
  const { config, log, database, registry, plugins } = input;
  const onError = (message: string, error: unknown): void => log.error({ err: error }, message);
  const holder = registryHolder(registry);
  const leaving = new AbortController();
  const versions = versionServices({ ...input, signal: leaving.signal });
  const newest: Newest = { refresh: async () => false };
  const studio = createStudio({
    versions,
    registry: holder,
    log,
    refresh: () => newest.refresh(),
    overreaching: (actor, base, wanted) => overreaching(actor, base, wanted, writtenFields(catalogueOf(plugins))),
    rightsDifferences,
    objections: (wanted) => checkWorkflows(wanted, catalogueOf(plugins)),
    repository: () => repository,
  });
  const declared = plugins.flatMap((plugin) => plugin.features ?? []);
  const features = featureFlags({ registry: holder, knex: database.knex, url: database.url, log, declared });
  const repository: Repository = createRepository({
    knex: database.knex,
    hooks: [roleHook, flagHook(features), ...pluginHooks(plugins)],
    delegates: studio.delegates,
    onError,
  });
  const close = async (): Promise<void> => {
    await closePlugins(plugins).finally(() => database.stop());
  };
  const interrupt = (): void => leaving.abort();
  return { config, log, database, registry: holder, repository, versions, studio, features, newest, plugins, interrupt, close };
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
 * Loads the plugins and the metadata files, opens the database, and joins them over the metadata that are published there.
 * @throws MetadataError, or an Error with a sentence on what is missing
 */
export async function openParts(config: Config, options: OpenOptions): Promise<Parts> {
  const log = createLog({ level: config.logLevel, ...(options.name === undefined ? {} : { name: options.name }) });
  const { plugins, registry: files } = await loadApplication(config.metadataDir, log);
  try {
    const database = await openDatabase(config, log);
    try {
      const services = versionServices({ database, log, plugins, registry: files });
      if (options.migrate) await applyAdditive(services, files);
      const registry = await (options.wait === true ? untilPublished(services) : published(services));
      const parts = composeParts({ config, log, database, registry: registry ?? files, plugins });
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

/** @throws Error for metadata that this program cannot serve */
async function published(services: VersionServices): Promise<Registry | undefined> {
  try {
    return await publishedRegistry(services);
  } catch (cause) {
    if (!(cause instanceof MetadataError)) throw cause;
    throw new Error(`The metadata in force in this database cannot be served by this program. ${cause.message}`, { cause });
  }
}

const publishedPollMs = 500;

async function untilPublished(services: VersionServices): Promise<Registry> {
  for (let told = false; ; told = true) {
    const registry = await published(services);
    if (registry !== undefined) return registry;
    if (!told) services.log.info('Waiting for the tables, which "formwork start" or "formwork migrate" makes');
    await sleep(publishedPollMs);
  }
}
