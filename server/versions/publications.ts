// What is published: rows that say which documents all nodes are to serve, told by NOTIFY when they commit.
import type { Transition } from '../metadata/document.ts';
import { systemTable } from '../tables/names.ts';
import type { Naming } from '../tables/schema-types.ts';
import type { DocumentHashes, Queries } from './documents.ts';

export interface Publication extends DocumentHashes {
  readonly serial: number;
  /** The version whose documents they are. */
  readonly version: number;
  /** null: nothing beside the documents. */
  readonly transition: Transition | null;
  readonly registryVersion: string;
}

/** The channel that tells of publications. */
export const metadataChannel = ({ prefix }: Naming): string => `${prefix}meta`;

/** Call it in the transaction that makes the tables fit; the message goes out when that commits. Returns the serial. */
export async function publish(session: Queries, app: Naming, publication: Omit<Publication, 'serial'>): Promise<number> {
  const { version, filesHash, customHash, transition, registryVersion } = publication;
  const [row] = await session.query<{ serial: string }>(
    `INSERT INTO ${systemTable(app, 'meta_publications')} (version, files_hash, custom_hash, transition, registry_version)
     VALUES ($1, $2, $3, $4::jsonb, $5) RETURNING serial::text AS serial`,
    [version, filesHash, customHash, transition === null ? null : JSON.stringify(transition), registryVersion],
  );
  const serial = row?.serial ?? '0';
  await session.query('SELECT pg_notify($1, $2)', [metadataChannel(app), serial]);
  return Number(serial);
}

/** Takes back what a version published, where what was there before it has no documents to publish instead. */
export async function withdraw(session: Queries, app: Naming, version: number): Promise<void> {
  await session.query(`DELETE FROM ${systemTable(app, 'meta_publications')} WHERE version = $1`, [version]);
}

/** 0 before the first. */
export async function newestSerial(session: Queries, app: Naming): Promise<number> {
  const [row] = await session.query<{ serial: string }>(
    `SELECT coalesce(max(serial), 0)::text AS serial FROM ${systemTable(app, 'meta_publications')}`,
  );
  return Number(row?.serial ?? 0);
}

export async function newestPublication(session: Queries, app: Naming): Promise<Publication | undefined> {
  const [row] = await session.query<Omit<Publication, 'serial' | 'transition'> & { serial: string; transition: string | null }>(
    `SELECT serial::text AS serial, version, files_hash AS "filesHash", custom_hash AS "customHash",
       transition::text AS transition, registry_version AS "registryVersion"
     FROM ${systemTable(app, 'meta_publications')} p ORDER BY p.serial DESC LIMIT 1`,
  );
  if (row === undefined) return undefined;
  const transition = row.transition === null ? null : (JSON.parse(row.transition) as Transition);
  return { ...row, serial: Number(row.serial), transition };
}
