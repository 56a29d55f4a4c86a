// The catalogue of metadata kinds: where the files of each lie, how they are called and which schema they meet.
import type { MetadataSource } from './types.ts';

export interface MetadataKind {
  /** Key in `MetadataSource`. */
  readonly key: keyof MetadataSource;
  /** What one is called in sentences. */
  readonly one: string;
  /** Folder below the layer's root; '' for app.json. */
  readonly folder: string;
  readonly suffix: string;
  readonly schema: string;
}

const kind = (key: keyof MetadataSource, one: string, folder: string, word: string): MetadataKind => ({
  key,
  one,
  folder,
  suffix: `.${word}.json`,
  schema: `${word}.schema.json`,
});

export const appKind: MetadataKind = {
  key: 'app',
  one: 'application',
  folder: '',
  suffix: 'app.json',
  schema: 'app.schema.json',
};

/** In the order in which they are read and checked. */
export const kinds: readonly MetadataKind[] = [
  appKind,
  kind('optionSets', 'option set', 'option-sets', 'option-set'),
  kind('entities', 'entity', 'entities', 'entity'),
  kind('roles', 'role', 'roles', 'role'),
  kind('layouts', 'layout', 'layouts', 'layout'),
  kind('views', 'view', 'views', 'view'),
  kind('dashboards', 'dashboard', 'dashboards', 'dashboard'),
  kind('workflows', 'workflow', 'workflows', 'workflow'),
  kind('importMappings', 'import mapping', 'imports', 'import'),
];

/** What stands beside the kinds and the registry does not read: schemas, interface text, demo records, the manifest of an export. */
export const otherFolders: readonly string[] = ['schemas', 'locales', 'demo', 'formwork.json'];
