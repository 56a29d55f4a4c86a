// What versions of the metadata need of this process: its database, its field types, and the word that it can serve them.
import type { AutomationEntries } from '../automation/catalogue.ts';
import type { Database } from '../database/open.ts';
import type { Registry } from '../metadata/registry.ts';
import type { LoadedPlugin } from '../plugins/plugin.ts';
import type { Log } from '../telemetry/log.ts';
import type { VersionServices } from '../versions/services.ts';
import { requireKnownSteps } from './automation-catalogue.ts';

export interface VersionServicesInput {
  readonly database: Pick<Database, 'knex' | 'url'>;
  readonly log: Log;
  readonly plugins: readonly LoadedPlugin<AutomationEntries>[];
  /** Its prefix, schema and field types are those of every version. */
  readonly registry: Registry;
  /** See `VersionServices`. */
  readonly signal?: AbortSignal;
  readonly timing?: NonNullable<VersionServices['timing']>;
}

export function versionServices({ database, log, plugins, registry, ...more }: VersionServicesInput): VersionServices {
  const { knex, url } = database;
  const { app, fieldTypes } = registry;
  return { knex, url, app, fieldTypes, log, check: (wanted) => requireKnownSteps(wanted, plugins), ...more };
}
