// The metadata of the library with changes made in memory: which findings does a mistake give?
import { join } from 'node:path';
import { fieldTypeCatalogue } from '../../server/fields/index.ts';
import { checkMetadata } from '../../server/metadata/check.ts';
import { kinds } from '../../server/metadata/kinds.ts';
import { layMetadata } from '../../server/metadata/layer.ts';
import { loadMetadata, type MetadataFile } from '../../server/metadata/load.ts';
import { metadataLayers } from '../../server/metadata/load-registry.ts';
import { stepsOf } from '../../server/metadata/pointer.ts';
import { type CheckShape, shapeChecker } from '../../server/metadata/schema.ts';
import { packageRoot } from '../../server/package-root.ts';

export const libraryFolder = join(packageRoot(), 'test', 'fixtures', 'library');
const shown = 'test/fixtures/library/';

/** File below the library → pointer → the value to be there; undefined takes it away, '' as pointer is the whole file. */
export type Changes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
/** `entities/books.entity.json /fields/title` and the sentence. */
export type Found = readonly [place: string, message: string];

const fieldTypes = fieldTypeCatalogue([]);
let prepared: Promise<{ readonly files: readonly MetadataFile[]; readonly checkShape: CheckShape }> | undefined;

async function prepare(): Promise<{ readonly files: readonly MetadataFile[]; readonly checkShape: CheckShape }> {
  const { files } = await loadMetadata(await metadataLayers(libraryFolder));
  return { files, checkShape: await shapeChecker(fieldTypes) };
}

/** The findings of the library after the changes, sorted by place. */
export async function findingsOf(changes: Changes): Promise<readonly Found[]> {
  prepared ??= prepare();
  const { files, checkShape } = await prepared;
  const { objects, findings } = layMetadata(changed(files, changes));
  return [...findings, ...checkMetadata(objects, fieldTypes, checkShape).findings]
    .map(({ file, pointer, message }): Found => [`${file.replace(shown, '')} ${pointer}`, message])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function changed(files: readonly MetadataFile[], changes: Changes): readonly MetadataFile[] {
  const known = files.map((file) => {
    const own = changes[file.file.replace(shown, '')];
    return own === undefined ? file : { ...file, content: withChanges(file.content, own) as MetadataFile['content'] };
  });
  const names = new Set(files.map((file) => file.file.replace(shown, '')));
  const added = Object.entries(changes)
    .filter(([name]) => !names.has(name))
    .map(([name, own]) => newFile(name, withChanges({}, own) as MetadataFile['content']));
  return [...known, ...added];
}

function newFile(name: string, content: MetadataFile['content']): MetadataFile {
  const kind = kinds.find(({ folder }) => name.startsWith(`${folder}/`) && folder !== '');
  if (kind === undefined) throw new Error(`No metadata kind has the file ${name}`);
  return { kind, layer: { name: 'application', folder: libraryFolder }, file: shown + name, content, lines: new Map() };
}

function withChanges(content: unknown, changes: Readonly<Record<string, unknown>>): unknown {
  let result = structuredClone(content);
  for (const [pointer, value] of Object.entries(changes)) {
    if (pointer === '') result = structuredClone(value);
    else place(result as Record<string, unknown>, stepsOf(pointer), value);
  }
  return result;
}

function place(content: Record<string, unknown>, steps: readonly string[], value: unknown): void {
  let at = content;
  for (const key of steps.slice(0, -1)) {
    if (!Object.hasOwn(at, key)) at[key] = {};
    at = at[key] as Record<string, unknown>;
  }
  const last = steps.at(-1) ?? '';
  if (value === undefined) Reflect.deleteProperty(at, last);
  else Object.defineProperty(at, last, { value, enumerable: true, writable: true, configurable: true });
}
