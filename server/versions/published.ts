// The registry of a publication, built from stored documents: they were checked when their version was opened.
import { buildRegistry } from '../metadata/build.ts';
import type { MetadataDocument } from '../metadata/document.ts';
import type { Registry } from '../metadata/registry.ts';
import { type Queries, readDocuments } from './documents.ts';
import { newestPublication, type Publication } from './publications.ts';
import type { VersionServices } from './services.ts';
import { withSession } from './session.ts';
import { isInstalled } from './system-migrations.ts';

/** Builds registries of publications and remembers the last few: a change publishes up to two, its undoing the old ones again. */
export interface RegistryBuilder {
  /** @throws when this process's code cannot serve the documents: a field type or plugin is missing */
  build(session: Queries, publication: Publication): Promise<Registry>;
}

const remembered = 4;

export function registryBuilder({
  app,
  fieldTypes,
  check,
}: Pick<VersionServices, 'app' | 'fieldTypes' | 'check'>): RegistryBuilder {
  const registries = new Map<string, Registry>();
  return {
    build: async (session, publication) => {
      const { filesHash, customHash, version, transition } = publication;
      const key = JSON.stringify([filesHash, customHash, version, transition]);
      const known = registries.get(key);
      if (known !== undefined) return known;
      const documents = await sharedDocuments(session, publication);
      const registry = await buildRegistry(documents, {
        fieldTypes,
        number: version,
        checked: true,
        ...(transition === null ? {} : { transition }),
      });
      check?.(registry);
      registries.set(key, registry);
      for (const oldest of [...registries.keys()].slice(0, -remembered)) registries.delete(oldest);
      return registry;
    },
  };

  /** Those of a registry that was built lately, so that its objects are shared and frozen already. */
  async function sharedDocuments(session: Queries, publication: Publication): Promise<readonly MetadataDocument[]> {
    for (const [key, { documents }] of registries) {
      const [filesHash, customHash] = JSON.parse(key) as [string, string];
      if (filesHash === publication.filesHash && customHash === publication.customHash) return documents;
    }
    return readDocuments(session, app, publication);
  }
}

/**
 * The registry that all nodes are to serve now; undefined before the first publication.
 * @throws when this process's code cannot serve it
 */
export async function publishedRegistry(services: VersionServices): Promise<Registry | undefined> {
  return withSession(services.knex, async (session) => {
    if (!(await isInstalled(session, services.app))) return undefined;
    const publication = await newestPublication(session, services.app);
    return publication === undefined ? undefined : registryBuilder(services).build(session, publication);
  });
}
