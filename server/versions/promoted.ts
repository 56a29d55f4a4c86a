// Folders that were promoted into this database: what the last one held is the base of the next three-way merge.
import type { MetadataDocument } from '../metadata/document.ts';
import { isObject } from '../metadata/pointer.ts';
import { systemTable } from '../tables/names.ts';
import { readInForce } from './in-force.ts';
import type { Version } from './journal.ts';
import type { VersionServices } from './services.ts';
import { withSession } from './session.ts';

/** What a version made by a promotion has as its `changes`. */
export interface Promotion {
  readonly op: 'promote';
  readonly documents: readonly MetadataDocument[];
}

export const promotionOf = (documents: readonly MetadataDocument[]): readonly [Promotion] => [{ op: 'promote', documents }];

/** The documents of the folder that was applied last and is still in force; none when there never was one. */
export async function lastPromoted({ knex, app }: Pick<VersionServices, 'knex' | 'app'>): Promise<readonly MetadataDocument[]> {
  return withSession(knex, async (session) => {
    const { versions } = await readInForce(session, app);
    const applied = versions.filter((version) => version.status === 'applied');
    for (const version of stateHistory(applied)) {
      const [row] = await session.query<{ changes: string | null }>(
        `SELECT changes::text AS changes FROM ${systemTable(app, 'meta_versions')} WHERE number = $1`,
        [version.number],
      );
      const found = promotionIn(JSON.parse(row?.changes ?? 'null'));
      if (found !== undefined) return found.documents;
    }
    return [];
  });
}

/** The versions whose effects are in force, newest first: what was taken back is left out. */
function stateHistory(versions: readonly Version[]): readonly Version[] {
  const history: Version[] = [];
  for (let at = versions.at(-1); at !== undefined; ) {
    const { number, reverts } = at;
    if (reverts === null) history.push(at);
    at = versions.findLast((version) => version.number < (reverts ?? number));
  }
  return history;
}

function promotionIn(changes: unknown): Promotion | undefined {
  const [first] = Array.isArray(changes) ? (changes as unknown[]) : [];
  return isObject(first) && first['op'] === 'promote' ? (first as unknown as Promotion) : undefined;
}
