// What a command that works on metadata needs: the files, what is published in the database, versions and folders by a word.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { requireKnownSteps } from '../app/automation-catalogue.ts';
import { loadApplication } from '../app/load-application.ts';
import { type Database, openDatabase } from '../database/open.ts';
import type { FieldType } from '../fields/field-type.ts';
import { buildRegistry } from '../metadata/build.ts';
import { customDocumentsIn } from '../metadata/documents-to-files.ts';
import { appKind } from '../metadata/kinds.ts';
import { loadRegistry } from '../metadata/load-registry.ts';
import { isObject } from '../metadata/pointer.ts';
import type { Registry } from '../metadata/registry.ts';
import { closePlugins } from '../plugins/load-plugins.ts';
import { createLog } from '../telemetry/log.ts';
import { documentsOf } from '../versions/history.ts';
import { publishedRegistry } from '../versions/published.ts';
import type { VersionServices } from '../versions/services.ts';

import { configOrExit } from './config-or-exit.ts';
import { describe } from './with-database.ts';

export interface MetadataPlace {
  /** The application of the configuration, from its files only. */
  readonly files: Registry;
  /** Those of the loaded plugins. */
  readonly fieldTypes: readonly FieldType[];
  /** Opens the database when it is first asked for. */
  versions(): Promise<VersionServices>;
  /** What is in force in the database; the files where nothing was published yet. */
  live(): Promise<Registry>;
  /** `live`, the number of a version, or a folder: of an application, or of customisations over what is in force. */
  named(word: string): Promise<Registry>;
}

export interface Answer {
  readonly text: string;
  readonly exitCode?: number;
}

/** Runs `work` and prints its answer. What goes wrong is printed in a sentence and sets the exit code `trouble`. */
export async function withMetadata(trouble: number, work: (place: MetadataPlace) => Promise<Answer>): Promise<void> {
  const config = configOrExit();
  const log = createLog({ level: config.logLevel === 'info' ? 'warn' : config.logLevel });
  let database: Database | undefined;
  try {
    const { plugins, registry: files } = await loadApplication(config.metadataDir, log);
    try {
      const { fieldTypes, app } = files;
      const versions = async (): Promise<VersionServices> => {
        database ??= await openDatabase(config, log);
        const { knex, url } = database;
        return { knex, url, app, fieldTypes, log, check: (registry) => requireKnownSteps(registry, plugins) };
      };
      const live = async (): Promise<Registry> => (await publishedRegistry(await versions())) ?? files;
      const own = plugins.flatMap((plugin) => plugin.fieldTypes ?? []);
      const place: MetadataPlace = { files, fieldTypes: own, versions, live, named: (word) => named(place, word) };
      const { text, exitCode } = await work(place);
      process.stdout.write(`${text}\n`);
      if (exitCode !== undefined) process.exitCode = exitCode;
    } finally {
      await database?.stop();
      await closePlugins(plugins);
    }
  } catch (error) {
    console.error(describe(error));
    process.exitCode = trouble;
  }
}

async function named({ files, fieldTypes: own, versions, live }: MetadataPlace, word: string): Promise<Registry> {
  const { fieldTypes } = files;
  if (word === 'live') return live();
  if (/^\d+$/.test(word)) {
    const number = Number(word);
    const stored = await documentsOf(await versions(), number);
    if (stored === undefined) throw new Error(`There is no version ${number} with stored metadata.`);
    return buildRegistry(stored, { fieldTypes, number, checked: true });
  }
  const folder = folderOf(word);
  if (await isApplication(folder)) return loadRegistry({ metadataDir: folder, fieldTypes: own });
  const custom = await customDocumentsIn(folder);
  const below = (await live()).documents.filter(({ layer }) => layer !== 'custom');
  return buildRegistry([...below, ...custom], { fieldTypes });
}

/** @throws Error for a path that is not there: a missing folder would read as an empty one */
export function folderOf(word: string): string {
  const folder = resolve(word);
  if (!existsSync(folder)) throw new Error(`There is no folder ${word}.`);
  return folder;
}

/** A whole application has an app.json that says under which prefix; customisations may only change a few words of it. */
export async function isApplication(folder: string): Promise<boolean> {
  const file = join(folder, appKind.suffix);
  if (!existsSync(file)) return false;
  const app: unknown = JSON.parse(await readFile(file, 'utf8'));
  return isObject(app) && typeof app['prefix'] === 'string';
}
