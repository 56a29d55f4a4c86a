// The shipped roles and entities as their files say them, read from disk: nothing of the engine has a say in it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Level = 'none' | 'own' | 'team' | 'all';

export interface FieldWord {
  readonly read?: boolean | 'masked';
  readonly write?: boolean;
  readonly keepEnd?: number;
}

export interface Word {
  readonly [right: string]: unknown;
  readonly filter?: { readonly fact: string; readonly operator: string; readonly value: unknown };
  readonly fields?: Readonly<Record<string, FieldWord>>;
}

export interface RoleFile {
  readonly name: string;
  readonly entities: Readonly<Record<string, Word>>;
}

export interface FieldFile {
  readonly type: string;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly readOnly?: boolean;
  readonly optionsFrom?: string;
  readonly visibleWhen?: unknown;
}

export interface RelationFile {
  readonly kind: string;
  readonly entity?: string;
  /** The links of a many-to-many. */
  readonly through?: string;
  readonly field?: string;
  readonly typeField?: string;
  readonly idField?: string;
  readonly inverse?: string;
}

export interface EntityFile {
  readonly name: string;
  readonly singular: string;
  readonly operations: readonly string[];
  readonly ownership?: { readonly owner?: string; readonly team?: string; readonly through?: string };
  readonly features?: { readonly import?: boolean };
  readonly audit?: { readonly off?: boolean };
  readonly search?: { readonly fields: readonly { readonly name: string; readonly weight: string }[] };
  readonly fields: Readonly<Record<string, FieldFile>>;
  readonly relations?: Readonly<Record<string, RelationFile>>;
  /** Made at run time. */
  readonly custom?: boolean;
}

const root = join(import.meta.dirname, '..', '..');

const read = <T extends { readonly name: string }>(...folders: readonly string[]): ReadonlyMap<string, T> =>
  new Map(
    folders
      .flatMap((folder) => readdirSync(join(root, folder)).map((file) => join(root, folder, file)))
      .map((file) => JSON.parse(readFileSync(file, 'utf8')) as T)
      .map((object) => [object.name, object]),
  );

export const roles = read<RoleFile>('server/platform/roles', 'metadata/roles');

/** What an entity made at run time is for `*custom`. */
export const gadgets: EntityFile = {
  name: 'gadgets',
  singular: 'gadget',
  operations: ['create', 'read', 'update', 'delete', 'restore', 'purge', 'import', 'export'],
  features: { import: true },
  search: { fields: [{ name: 'name', weight: 'A' }] },
  fields: { name: { type: 'text', maxLength: 100 }, notes: { type: 'longText' } },
  custom: true,
};

export const entities: ReadonlyMap<string, EntityFile> = new Map([
  ...read<EntityFile>('server/platform/entities', 'metadata/entities'),
  [gadgets.name, gadgets],
]);

/** @throws for a name that no file has */
export function entityFile(name: string): EntityFile {
  const found = entities.get(name);
  if (found === undefined) throw new Error(`No file describes the entity "${name}"`);
  return found;
}
