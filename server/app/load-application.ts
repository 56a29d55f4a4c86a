// What an application is before it meets a database: its plugins, and the registry of its metadata with their field types.
import type { AutomationEntries } from '../automation/catalogue.ts';
import { loadRegistry, pluginNames } from '../metadata/load-registry.ts';
import type { Registry } from '../metadata/registry.ts';
import { closePlugins, loadPlugins } from '../plugins/load-plugins.ts';
import type { LoadedPlugin } from '../plugins/plugin.ts';
import type { Log } from '../telemetry/log.ts';
import { requireKnownSteps } from './automation-catalogue.ts';

export interface LoadedApplication {
  readonly plugins: readonly LoadedPlugin<AutomationEntries>[];
  readonly registry: Registry;
}

/** @throws MetadataError, or an Error that names the plugin which cannot be loaded */
export async function loadApplication(metadataDir: string, log: Log): Promise<LoadedApplication> {
  const plugins = await loadPlugins<AutomationEntries>({
    names: await pluginNames(metadataDir),
    environment: process.env,
    log: (message, details) => log.info({ ...details }, message),
  });
  try {
    const fieldTypes = plugins.flatMap((plugin) => plugin.fieldTypes ?? []);
    const registry = await loadRegistry({ metadataDir, fieldTypes });
    requireKnownSteps(registry, plugins);
    return { plugins, registry };
  } catch (error) {
    await closePlugins(plugins);
    throw error;
  }
}
