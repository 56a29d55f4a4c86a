// Metadata documents as files: the same folders, names and shape as metadata/ has, and the way back from a folder.
import type { MetadataDocument } from './document.ts';
import { MetadataError } from './finding.ts';
import { formatJson } from './json-format.ts';
import { appKind, kinds, type MetadataKind } from './kinds.ts';
import { loadMetadata, type MetadataLayer } from './load.ts';
import { idOf } from './merge.ts';

export interface MetadataFileText {
  /** Below the folder, with `/`: `entities/books.entity.json`. */
  readonly path: string;
  readonly text: string;
}

/**
 * A file for each document, sorted by path; the same documents give the same texts.
 * @param all where an override finds the name that its object has
 */
export function documentsToFiles(
  documents: readonly MetadataDocument[],
  all: readonly MetadataDocument[],
): readonly MetadataFileText[] {
  const names = namesOf([...all, ...documents]);
  const taken = new Set<string>();
  const files = documents.map((document): MetadataFileText => {
    const kind = kindOf(document);
    const name = names.get(keyOf(document)) ?? idOf(document);
    const wanted = pathOf(kind, name);
    // Two objects may have one name where names need not be unique; ids are.
    const path = taken.has(wanted) ? pathOf(kind, `${name}.${idOf(document)}`) : wanted;
    taken.add(path);
    const { $schema: _, ...content } = document.content;
    const schema = `${kind === appKind ? '.' : '..'}/schemas/${kind.schema}`;
    return { path, text: formatJson({ $schema: schema, ...content }) };
  });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

export const keyOf = (document: MetadataDocument): string => `${document.kind} ${idOf(document)}`;

const kindOf = ({ kind: key }: MetadataDocument): MetadataKind => {
  const kind = kinds.find((candidate) => candidate.key === key);
  if (kind === undefined) throw new Error(`There is no kind of metadata "${key}"`);
  return kind;
};

/** The name that an object has after the highest of the layers; letters that a file name may not have are left out. */
function namesOf(documents: readonly MetadataDocument[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const document of documents) {
    const { name, entity } = document.content;
    const told = typeof name === 'string' ? name : undefined;
    // Names of screens are unique within their entity: they stand beside it as in `books.detail.layout.json`.
    const short =
      typeof entity === 'string' && told?.startsWith(`${entity}_`) ? `${entity}.${told.slice(entity.length + 1)}` : told;
    if (short !== undefined) names.set(keyOf(document), short.replace(/[^\w.-]/g, ''));
  }
  return names;
}

const pathOf = (kind: MetadataKind, name: string): string =>
  kind === appKind ? kind.suffix : `${kind.folder}/${name}${kind.suffix}`;

/** What was made at run time is told of by its id. */
export const customFile = (kind: MetadataKind['key'], id: string): string =>
  `custom/${kinds.find((candidate) => candidate.key === kind)?.folder || kind}/${id}`;

/**
 * The files of a folder as documents of the custom layer.
 * @throws MetadataError with what cannot be read
 */
export async function customDocumentsIn(folder: string): Promise<readonly MetadataDocument[]> {
  const layer: MetadataLayer = { name: 'custom', folder };
  const { files, findings } = await loadMetadata([layer]);
  if (findings.length > 0) throw new MetadataError(findings);
  return files.map(({ kind, file, content: { $schema: _, ...content } }) => {
    const document: MetadataDocument = { layer: 'custom', kind: kind.key, file, content };
    return { ...document, file: customFile(kind.key, idOf(document)) };
  });
}
