// What is in force: the newest version that is complete, with its tables and documents.
import type { MetadataDocument } from '../metadata/document.ts';
import type { Naming, SchemaModel } from '../tables/schema-types.ts';
import { type DocumentHashes, type Queries, readDocuments } from './documents.ts';
import { readModel, readVersions, type Version } from './journal.ts';
import { appliedMigrations } from './system-migrations.ts';

export interface InForce {
  /** 0: nothing applied yet. */
  readonly number: number;
  readonly model: SchemaModel | null;
  readonly version: Version | undefined;
  /** Versions that are not undone, oldest first. */
  readonly versions: readonly Version[];
}

export async function readInForce(session: Queries, app: Naming): Promise<InForce> {
  const installed = (await appliedMigrations(session, app)).length > 0;
  const versions = installed ? await readVersions(session, app) : [];
  const version = versions.findLast((candidate) => candidate.status === 'applied');
  const number = version?.number ?? 0;
  return { number, version, versions, model: number === 0 ? null : await readModel(session, app, number) };
}

export function withDocuments(version: Version | undefined): (Version & DocumentHashes) | undefined {
  const { filesHash = null, customHash = null } = version ?? {};
  return version === undefined || filesHash === null || customHash === null ? undefined : { ...version, filesHash, customHash };
}

/** Documents of the custom layer in force: what was made at run time and lies over any files. */
export async function customDocuments(session: Queries, app: Naming, inForce: InForce): Promise<readonly MetadataDocument[]> {
  const stored = withDocuments(inForce.version);
  if (stored === undefined) return [];
  return (await readDocuments(session, app, stored)).filter((document) => document.layer === 'custom');
}
