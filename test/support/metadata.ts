// The metadata of the library with changes made in memory: which findings does a mistake give?
import { join } from 'node:path';
import type { FieldType } from '../../server/fields/field-type.ts';
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

let loaded: Promise<readonly MetadataFile[]> | undefined;
let builtIn: Promise<CheckShape> | undefined;

const libraryFiles = async (): Promise<readonly MetadataFile[]> =>
  (await loadMetadata(await metadataLayers(libraryFolder))).files;

/** The findings of the library after the changes, sorted by place; `more` field types are as if of a plugin. */
export async function findingsOf(changes: Changes, more: readonly FieldType[] = []): Promise<readonly Found[]> {
  loaded ??= libraryFiles();
  const fieldTypes = fieldTypeCatalogue(more);
  if (more.length === 0) builtIn ??= shapeChecker(fieldTypes);
  const checkShape = await (more.length === 0 && builtIn !== undefined ? builtIn : shapeChecker(fieldTypes));
  const { objects, findings } = layMetadata(changed(await loaded, changes));
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
    .map(([name, own]) => newFile(files, name, withChanges({}, own) as MetadataFile['content']));
  return [...known, ...added];
}

function newFile(files: readonly MetadataFile[], name: string, content: MetadataFile['content']): MetadataFile {
  const kind = kinds.find(({ folder }) => name.startsWith(`${folder}/`) && folder !== '');
  const layer = files.find((file) => file.layer.name === 'application')?.layer;
  if (kind === undefined || layer === undefined) throw new Error(`No metadata kind has the file ${name}`);
  return { kind, layer, file: shown + name, content, lines: new Map() };
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
