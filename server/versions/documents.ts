// Documents of versions, stored by their content: equal lists are one row, whatever number of versions has them.
import { createHash } from 'node:crypto';
import type { MetadataDocument } from '../metadata/document.ts';
import { systemTable } from '../tables/names.ts';
import type { Naming } from '../tables/schema-types.ts';
import type { Session } from './session.ts';

/** The two lists a version has: what came in files (platform and plugins included), and what was made at run time. */
export interface DocumentHashes {
  readonly filesHash: string;
  readonly customHash: string;
}

/** What `Session` and the connection of a node that listens have in common. */
export type Queries = Pick<Session, 'query'>;

const isCustom = (document: MetadataDocument): boolean => document.layer === 'custom';

/** SHA-256 over layer, kind and content: where a file lies makes no difference, the order of its keys does. */
function hashOf(documents: readonly MetadataDocument[]): string {
  const told = documents.map(({ layer, kind, content }) => [layer, kind, content]);
  return createHash('sha256').update(JSON.stringify(told)).digest('hex');
}

export function hashesOf(documents: readonly MetadataDocument[]): DocumentHashes {
  const custom = documents.filter(isCustom);
  return { filesHash: hashOf(documents.filter((document) => !isCustom(document))), customHash: hashOf(custom) };
}

/** Stores what is not there yet. */
export async function storeDocuments(
  session: Queries,
  app: Naming,
  documents: readonly MetadataDocument[],
): Promise<DocumentHashes> {
  const hashes = hashesOf(documents);
  const lists = [
    [hashes.filesHash, documents.filter((document) => !isCustom(document))],
    [hashes.customHash, documents.filter(isCustom)],
  ] as const;
  for (const [hash, list] of lists) {
    await session.query(
      `INSERT INTO ${systemTable(app, 'meta_documents')} (hash, content) VALUES ($1, $2::json) ON CONFLICT (hash) DO NOTHING`,
      [hash, JSON.stringify(list)],
    );
  }
  return hashes;
}

/** Lists that were read before, by their hash: most changes leave the one of the files, which is the long one, as it is. */
export type KnownLists = Map<string, readonly MetadataDocument[]>;

const keptLists = 8;

/** All layers, the custom one last. What is read is added to `known`, which forgets what was asked for longest ago. */
export async function readDocuments(
  session: Queries,
  app: Naming,
  { filesHash, customHash }: DocumentHashes,
  known: KnownLists = new Map(),
): Promise<readonly MetadataDocument[]> {
  const wanted = [filesHash, customHash];
  const missing = wanted.filter((hash) => !known.has(hash));
  const rows =
    missing.length === 0
      ? []
      : await session.query<{ hash: string; content: string }>(
          `SELECT hash, content::text AS content FROM ${systemTable(app, 'meta_documents')} WHERE hash = ANY($1::text[])`,
          [missing],
        );
  const read = new Map(rows.map(({ hash, content }) => [hash, JSON.parse(content) as MetadataDocument[]]));
  const lists = wanted.map((hash) => {
    const list = known.get(hash) ?? read.get(hash);
    if (list === undefined) throw new Error(`The documents ${hash} are missing`);
    known.delete(hash);
    known.set(hash, list);
    return list;
  });
  for (const hash of [...known.keys()].slice(0, -keptLists)) known.delete(hash);
  return lists.flat();
}
