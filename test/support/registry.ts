// The registries of the shipped application and of the library, each loaded once a test file.
import { join } from 'node:path';
import { loadRegistry } from '../../server/metadata/load-registry.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import { packageRoot } from '../../server/package-root.ts';
import { libraryFolder } from './metadata.ts';

let crm: Promise<Registry> | undefined;
let library: Promise<Registry> | undefined;

export async function crmRegistry(): Promise<Registry> {
  crm ??= loadRegistry({ metadataDir: join(packageRoot(), 'metadata') });
  return crm;
}

export async function libraryRegistry(): Promise<Registry> {
  library ??= loadRegistry({ metadataDir: libraryFolder });
  return library;
}
