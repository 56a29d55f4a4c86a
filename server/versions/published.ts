// The registry of a publication, built from stored documents: they were checked when their version was opened.
import { buildRegistry } from '../metadata/build.ts';
import type { Registry } from '../metadata/registry.ts';
import { type KnownLists, type Queries, readDocuments } from './documents.ts';
import { newestPublication, type Publication } from './publications.ts';
import type { VersionServices } from './services.ts';
import { withSession } from './session.ts';
import { isInstalled } from './system-migrations.ts';

/** What of a publication decides what it means. */
type Buildable = Omit<Publication, 'serial'>;

/** Builds registries of publications and remembers the last few: a change publishes up to two, its undoing the old ones again. */
export interface RegistryBuilder {
  /** @throws when this process's code cannot serve the documents: a field type or plugin is missing */
  build(session: Queries, publication: Buildable): Promise<Registry>;
}

const remembered = 6;

export function registryBuilder({
  app,
  fieldTypes,
  check,
}: Pick<VersionServices, 'app' | 'fieldTypes' | 'check'>): RegistryBuilder {
  const registries = new Map<string, Registry>();
  // Shared by the registries, so that their objects are frozen already.
  const lists: KnownLists = new Map();
  return {
    build: async (session, publication) => {
      const { filesHash, customHash, registryVersion, version, transition } = publication;
      const key = JSON.stringify([filesHash, customHash, version, transition]);
      const known = registries.get(key);
      if (known !== undefined) return known;
      const documents = await readDocuments(session, app, publication, lists);
      const registry = await buildRegistry(documents, {
        fieldTypes,
        number: version,
        version: registryVersion,
        checked: true,
        ...(transition === null ? {} : { transition }),
      });
      check?.(registry);
      registries.set(key, registry);
      for (const oldest of [...registries.keys()].slice(0, -remembered)) registries.delete(oldest);
      return registry;
    },
  };
}

/**
 * The registry that all nodes are to serve now; undefined before the first publication.
 * @throws when this process's code cannot serve it
 */
export async function publishedRegistry(services: VersionServices): Promise<Registry | undefined> {
  return withSession(services.knex, async (session) =>
    (await isInstalled(session, services.app)) ? publishedIn(session, services) : undefined,
  );
}

/** The same by a connection that is open already, of an application that is installed. */
export async function publishedIn(session: Queries, services: VersionServices): Promise<Registry | undefined> {
  const publication = await newestPublication(session, services.app);
  return publication === undefined ? undefined : registryBuilder(services).build(session, publication);
}
