// `formwork export-metadata`: customisations as the same files as metadata/, to be kept in git and applied elsewhere.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { buildRegistry } from '../metadata/build.ts';
import type { MetadataDocument } from '../metadata/document.ts';
import { documentsToFiles } from '../metadata/documents-to-files.ts';
import { foldLayers } from '../metadata/fold-layers.ts';
import { formatJson } from '../metadata/json-format.ts';
import { kinds } from '../metadata/kinds.ts';
import type { Registry } from '../metadata/registry.ts';
import { withMetadata } from './with-metadata.ts';

/** Marks a folder as an export, and says what it was made from. */
export const manifestFile = 'formwork.json';
const formatVersion = 1;

interface Options {
  readonly dir: string;
  readonly layer: 'custom' | 'all';
  readonly version?: string;
}

export function exportMetadataCommand(program: Command): void {
  program
    .command('export-metadata')
    .description('Write the customisations made at run time as files, in the folders and the shape of metadata/')
    .option('--dir <folder>', 'where to; an earlier export there is replaced', 'customisations')
    .addOption(
      new Option('--layer <layer>', 'custom: what was made at run time; all: the whole application with it folded in')
        .choices(['custom', 'all'])
        .default('custom'),
    )
    .option('--version <number>', 'of an earlier version instead of the one in force')
    .action(({ dir, layer, version }: Options) =>
      withMetadata(1, async ({ named }) => {
        const registry = await named(version ?? 'live');
        const folder = resolve(dir);
        const documents = layer === 'all' ? await folded(registry) : registry.documents.filter(isCustom);
        const files = documentsToFiles(documents, registry.documents);
        await refuseForeign(folder);
        await write(folder, [...files, { path: manifestFile, text: formatJson(await manifest(registry, layer)) }]);
        return {
          text: `${files.length} files of ${version === undefined ? 'the metadata in force' : `version ${version}`} in ${dir}.`,
        };
      }),
    );
}

const isCustom = ({ layer }: MetadataDocument): boolean => layer === 'custom';

/** Nothing that depends on the installation or the time, so that equal customisations are equal files. */
async function manifest({ app, documents, fieldTypes, version }: Registry, layer: string): Promise<object> {
  const base = await buildRegistry(
    documents.filter((document) => !isCustom(document)),
    { fieldTypes, checked: true },
  );
  return { format: formatVersion, app: app.name, layer, base: base.version, metadata: version };
}

/** @throws Error when the application with the customisations in its files would not be the same */
async function folded({ documents, fieldTypes, version }: Registry): Promise<readonly MetadataDocument[]> {
  const application = foldLayers(documents);
  const below = documents.filter(({ layer }) => layer === 'platform' || layer === 'plugin');
  const again = await buildRegistry([...below, ...application], { fieldTypes, checked: true });
  if (again.version !== version)
    throw new Error('These customisations cannot be folded into the application; export them as --layer custom.');
  return application;
}

/** What somebody else keeps in the folder is not to be replaced. */
async function refuseForeign(folder: string): Promise<void> {
  if (!existsSync(folder) || existsSync(join(folder, manifestFile))) return;
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  if (names.length > 0) throw new Error(`${folder} is not empty and not an earlier export: it has no ${manifestFile}.`);
}

async function write(folder: string, files: readonly { readonly path: string; readonly text: string }[]): Promise<void> {
  for (const kind of kinds)
    await rm(join(folder, kind.folder === '' ? kind.suffix : kind.folder), { recursive: true, force: true });
  for (const { path, text } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
