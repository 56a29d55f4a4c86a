// What a version under way is going to publish: told to all processes when it is opened, so that they can build it ahead.

import { systemTable } from '../tables/names.ts';
import type { Naming } from '../tables/schema-types.ts';
import type { Queries } from './documents.ts';
import { withDocuments } from './in-force.ts';
import { readVersions } from './journal.ts';
import type { Publication } from './publications.ts';

export type Coming = Omit<Publication, 'serial'>;

export interface Ahead {
  readonly version: number;
  /** In the order in which they will be published. */
  readonly publications: readonly Coming[];
}

/**
 * The moment a step renames, registries of before ask for what is gone, and their requests wait for the next one. So only
 * versions with such steps are foreseen.
 * @returns undefined when there is none with a greater number than `seen`
 */
export async function publicationsAhead(session: Queries, app: Naming, seen: number): Promise<Ahead | undefined> {
  const [row] = await session.query<{ number: number }>(
    `SELECT number FROM ${systemTable(app, 'meta_versions')}
     WHERE status = 'applying' AND prepared IS NOT NULL AND number > $1 ORDER BY number DESC LIMIT 1`,
    [seen],
  );
  if (row === undefined) return undefined;
  const versions = await readVersions(session, app);
  const version = versions.find((candidate) => candidate.number === row.number);
  const [to, from] = [withDocuments(version), withDocuments(versions.findLast(({ number }) => number < row.number))];
  const first = version?.prepared?.side === 'to' ? to : from;
  const transition = version?.prepared?.transition ?? null;
  return {
    version: row.number,
    publications: [...(first === undefined ? [] : [coming(first, transition)]), ...(to === undefined ? [] : [coming(to, null)])],
  };
}

const coming = (
  { number, filesHash, customHash, registryVersion }: NonNullable<ReturnType<typeof withDocuments>>,
  transition: Coming['transition'],
): Coming => ({ version: number, filesHash, customHash, registryVersion, transition });
