// The interface of a plugin: one function that is given what it may use and returns what it adds.
import type { Client } from '@openfeature/server-sdk';
import type { FieldType } from '../fields/field-type.ts';
import type { FlagSubject } from '../metadata/features.ts';
import type { RegistryHolder } from '../metadata/registry.ts';
import type { Hooks } from '../repository/hooks.ts';
import type { PastRecord } from '../repository/insert-many.ts';
import type { Repository } from '../repository/repository.ts';

export interface PluginServices {
  /** The variables that plugin.json declares, and no others; an empty one counts as not set. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

export interface RunningServices {
  readonly repository: Repository;
  readonly registry: RegistryHolder;
  readonly features: PluginFeatures;
}

/** Flags for a plugin's own features, and for all others. In a hook, `context.actor.isOn('name')` asks for whoever is at work. */
export interface PluginFeatures {
  /** Whether the feature is on for somebody; for nobody in particular (undefined) only where it is on for all. */
  isOn(feature: string, subject?: FlagSubject): Promise<boolean>;
  /** OpenFeature's own client; keys have the application's `flagPrefix`. */
  readonly client: Client;
}

/** What a plugin is asked for when demo records are made up. The same request gives the same records. */
export interface DemoRequest {
  /** How big the company is; the plugin says of what it counts. */
  readonly size: number;
  readonly seed: string;
  /** The day that everything is seen from, YYYY-MM-DD. */
  readonly today: string;
  /** The records of the application's demo files that are there, by external id: their ids and what the files say. */
  readonly base: ReadonlyMap<string, { readonly id: string; readonly values: Readonly<Record<string, unknown>> }>;
}

/** Bundles of records that refer to each other, in any order; to those of other bundles only when they came before. */
export type MakeDemo = (request: DemoRequest) => Iterable<readonly (PastRecord & { readonly entity: string })[]>;

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
  /** Names of features of its own that a flag may switch; they are on where there is no flag. */
  readonly features?: readonly string[];
  /** Event types and steps for workflows. */
  readonly automation?: Automation;
  /** Demo records beyond those of the demo files. */
  readonly demo?: MakeDemo;
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
