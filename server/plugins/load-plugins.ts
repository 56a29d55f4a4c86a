// Loads the plugins that app.json names: checks plugin.json, imports the code, hands it its environment.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../config.ts';
import { fieldTypes } from '../fields/index.ts';
import { readJson } from '../metadata/json-text.ts';
import { type CheckShape, shapeChecker } from '../metadata/schema.ts';
import { packageRoot, sourceFile } from '../package-root.ts';
import type { HookSet } from '../repository/hooks.ts';
import type { CreatePlugin, LoadedPlugin, PluginManifest, PluginServices, RunningServices } from './plugin.ts';

export interface LoadPluginsOptions {
  /** Folders below plugins/, in order. */
  readonly names: readonly string[];
  readonly environment: Environment;
  readonly log: PluginServices['log'];
  /** Where plugins/ lies; the package's own by default. */
  readonly folder?: string;
}

/** @throws Error that names the plugin which cannot be loaded, and says why */
export async function loadPlugins<Automation = unknown>(
  options: LoadPluginsOptions,
): Promise<readonly LoadedPlugin<Automation>[]> {
  const checkShape = await shapeChecker(fieldTypes);
  const loaded: LoadedPlugin<Automation>[] = [];
  for (const name of options.names) {
    try {
      loaded.push(await loadPlugin<Automation>(name, options, checkShape));
    } catch (cause) {
      await closePlugins(loaded);
      throw new Error(`The plugin ${name} cannot be loaded. ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }
  return loaded;
}

async function loadPlugin<Automation>(
  name: string,
  { environment, log, folder }: LoadPluginsOptions,
  checkShape: CheckShape,
): Promise<LoadedPlugin<Automation>> {
  const manifest = await readManifest(join(folder ?? join(packageRoot(), 'plugins'), name, 'plugin.json'), name, checkShape);
  const code = folder === undefined ? sourceFile(`plugins/${name}/index.ts`) : firstThere(join(folder, name));
  const exported = (await import(pathToFileURL(code).href)) as { readonly default?: unknown };
  if (typeof exported.default !== 'function') throw new Error('Its index exports no function as default.');
  const create = exported.default as CreatePlugin<Automation>;
  const given = Object.keys(manifest.environment ?? {}).map((variable) => [variable, environment[variable] || undefined]);
  const services = { environment: Object.fromEntries(given) as Environment, log };
  return { ...(await create(services)), manifest };
}

const firstThere = (folder: string): string => {
  const source = join(folder, 'index.ts');
  return existsSync(source) ? source : join(folder, 'index.js');
};

async function readManifest(file: string, name: string, checkShape: CheckShape): Promise<PluginManifest> {
  const read = readJson(await readFile(file, 'utf8'));
  if ('error' in read) throw new Error(`plugin.json:${read.error.line} is not valid JSON: ${read.error.message}`);
  const wrong = checkShape({ schema: 'plugin.schema.json' }, read.value);
  if (wrong.length > 0) throw new Error(wrong.map(({ pointer, message }) => `plugin.json ${pointer} ${message}`).join(' '));
  const manifest = read.value as PluginManifest;
  if (manifest.name !== name) throw new Error(`plugin.json /name is "${manifest.name}", but the folder is called ${name}.`);
  return manifest;
}

/** The hooks of the plugins for the repository, in the order of the plugins. */
export const pluginHooks = (plugins: readonly LoadedPlugin[]): readonly HookSet[] =>
  plugins.flatMap(({ hooks, manifest }) => (hooks === undefined ? [] : [{ ...hooks, name: `plugin ${manifest.name}` }]));

/** @throws Error that names the plugin whose setup fails */
export async function setUpPlugins(plugins: readonly LoadedPlugin[], running: RunningServices): Promise<void> {
  for (const { manifest, setup } of plugins) {
    try {
      await setup?.(running);
    } catch (cause) {
      throw new Error(`The plugin ${manifest.name} cannot be set up. ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      });
    }
  }
}

/** Closes all, in reverse order; the first failure is thrown after the last is closed. */
export async function closePlugins(plugins: readonly LoadedPlugin[]): Promise<void> {
  const closings = [...plugins].reverse().map(async ({ close }) => close?.());
  const failed = (await Promise.allSettled(closings)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
