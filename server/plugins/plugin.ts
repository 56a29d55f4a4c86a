// The interface of a plugin: one function that is given what it may use and returns what it adds.
import type { FieldType } from '../fields/field-type.ts';
import type { RegistryHolder } from '../metadata/registry.ts';
import type { Hooks } from '../repository/hooks.ts';
import type { Repository } from '../repository/repository.ts';

export interface PluginServices {
  /** The variables that plugin.json declares, and no others; an empty one counts as not set. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

export interface RunningServices {
  readonly repository: Repository;
  readonly registry: RegistryHolder;
}

/** Work that comes round by the clock, in one of the worker processes at a time. It must bear to run twice. */
export interface PluginTask {
  /** Within the plugin: small letters, digits and hyphens. */
  readonly name: string;
  /** Five fields, in UTC. */
  readonly cron: string;
  /** @param signal set when the process stops */
  readonly run: (running: RunningServices, signal: AbortSignal) => Promise<void>;
}

/** What a plugin adds. `Automation` is what the automation's catalogue takes; this floor does not look into it. */
export interface Plugin<Automation = unknown> {
  /** Made with `defineFieldType`; their names must be new. */
  readonly fieldTypes?: readonly FieldType[];
  readonly hooks?: Hooks;
  /** Event types and steps for workflows. */
  readonly automation?: Automation;
  readonly tasks?: readonly PluginTask[];
  /** Once, when records can be read and written and before requests are served. */
  readonly setup?: (running: RunningServices) => Promise<void> | void;
  /** Once, when the process stops. */
  readonly close?: () => Promise<void> | void;
}

/**
 * The default export of plugins/<name>/index.ts.
 * @throws Error with a sentence when the environment is not valid; the application then does not start
 * @example
 * const shout: CreatePlugin = () => ({ hooks: { beforeSave: (_context, change) => ({ set: { name: … } }) } });
 * export default shout;
 */
export type CreatePlugin<Automation = unknown> = (services: PluginServices) => Plugin<Automation> | Promise<Plugin<Automation>>;

/** plugin.json, as metadata/schemas/plugin.schema.json checks it. */
export interface PluginManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface LoadedPlugin<Automation = unknown> extends Plugin<Automation> {
  readonly manifest: PluginManifest;
}
