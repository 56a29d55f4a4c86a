// Three-way merge of metadata documents by object id: what two sides made of the same base, or where they contradict.
import type { MetadataDocument } from './document.ts';
import { type MergeConflict, mergeValues } from './merge-values.ts';
import type { JsonObject } from './pointer.ts';

export interface DocumentConflict extends MergeConflict {
  readonly kind: MetadataDocument['kind'];
  /** Id of the object. */
  readonly id: string;
}

export interface MergeInput {
  readonly base: readonly MetadataDocument[];
  readonly ours: readonly MetadataDocument[];
  readonly theirs: readonly MetadataDocument[];
  /** Whose value is taken where both changed one differently; absent: such places are conflicts and keep our value. */
  readonly prefer?: 'ours' | 'theirs';
}

export interface Merged {
  readonly documents: readonly MetadataDocument[];
  readonly conflicts: readonly DocumentConflict[];
}

/** Our documents in their order, then those that only they have. An object is the same by its kind and id, whatever its file is called. */
export function mergeDocuments({ base, ours, theirs, prefer }: MergeInput): Merged {
  const [bases, own, other] = [byId(base), byId(ours), byId(theirs)];
  const documents: MetadataDocument[] = [];
  const conflicts: DocumentConflict[] = [];
  for (const key of new Set([...own.keys(), ...other.keys()])) {
    const document = own.get(key) ?? other.get(key);
    if (document === undefined) continue;
    const [from, mine, yours] = [bases, own, other].map((side) => side.get(key)?.content);
    const merged = mergeValues({ base: from, ours: mine, theirs: yours }, prefer);
    conflicts.push(...merged.conflicts.map((conflict) => ({ kind: document.kind, id: idOf(document), ...conflict })));
    if (merged.value !== undefined) documents.push({ ...document, content: merged.value as JsonObject });
  }
  return { documents, conflicts };
}

const byId = (documents: readonly MetadataDocument[]): ReadonlyMap<string, MetadataDocument> =>
  new Map(documents.map((document) => [`${document.kind} ${idOf(document)}`, document]));

/** There is one application, whatever its id. */
export const idOf = ({ kind, content, file }: MetadataDocument): string =>
  kind === 'app' ? 'app' : typeof content['id'] === 'string' ? content['id'] : file;
