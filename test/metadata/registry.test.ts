// The registry of both applications: loads without findings, is frozen to its leaves, and its version follows the content.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MetadataError } from '../../server/metadata/finding.ts';
import { loadRegistry } from '../../server/metadata/load-registry.ts';
import { libraryFolder } from '../support/metadata.ts';
import { crmRegistry, libraryRegistry } from '../support/registry.ts';

describe('the shipped application', () => {
  test('loads without findings, on the platform', async () => {
    const registry = await crmRegistry();
    expect(registry.app.prefix).toBe('crm_');
    expect(registry.entities.get('leads')).toMatchObject({ layer: 'application', qualifiedTable: '"crm_core"."crm_leads"' });
    expect(registry.entities.get('users')).toMatchObject({ layer: 'platform', qualifiedTable: '"crm_core"."crm_users"' });
    expect([...registry.roles.keys()]).toEqual(expect.arrayContaining(['admin', 'manager']));
  });
});

describe('the library', () => {
  test('loads without findings on the same platform, with its own tables', async () => {
    const registry = await libraryRegistry();
    const own = [...registry.entities.values()].filter((entity) => entity.layer === 'application').map(({ name }) => name);
    expect(own.sort()).toEqual(['authors', 'book_authors', 'books', 'branches', 'loans', 'members']);
    expect(registry.entities.get('users')?.qualifiedTable).toBe('"library"."lib_users"');
    expect(registry.entitiesBySingular.get('branch')?.name).toBe('branches');
  });

  test('has inverses, links, implied fields and options where the files only name them', async () => {
    const books = (await libraryRegistry()).entities.get('books');
    expect(books?.relations.get('loans')).toMatchObject({ kind: 'hasMany', target: 'loans', field: 'book_id', inverse: 'book' });
    expect(books?.relations.get('authors')).toMatchObject({
      kind: 'manyToMany',
      target: 'authors',
      through: 'book_authors',
      fromField: 'book_id',
      toField: 'author_id',
    });
    expect(books?.relations.get('timeline')).toMatchObject({ kind: 'hasManyAny', target: 'timeline' });
    expect(books?.fields.get('replacement_cost_currency')?.type.name).toBe('currency');
    expect(books?.fields.get('branch_id')).toMatchObject({ relation: 'branch', required: true });
    expect(books?.fields.get('genres')?.meta.options?.map(({ value }) => value)).toContain('poetry');
    expect(books?.fields.get('language')?.meta.options).toEqual([
      { value: 'en', label: { en: 'English', ar: 'الإنجليزية' } },
      { value: 'ar', label: { en: 'Arabic', ar: 'العربية' } },
    ]);
  });
});

test('a registry is frozen: objects, lists, maps and sets to the last leaf', async () => {
  const open: string[] = [];
  const seen = new Set<unknown>();
  const visit = (value: unknown, place: string): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (!Object.isFrozen(value)) open.push(place);
    if (value instanceof Map) for (const [key, inner] of value) visit(inner, `${place}/${String(key)}`);
    else for (const [key, inner] of Object.entries(value)) visit(inner, `${place}/${key}`);
  };
  const { fieldTypes, ...metadata } = await libraryRegistry();
  // Field types are code, shared by all registries.
  for (const type of fieldTypes.values()) seen.add(type);
  for (const [key, value] of Object.entries(metadata)) visit(value, key);
  expect(open).toEqual([]);
  expect(() => (metadata.entities as Map<string, unknown>).delete('books')).toThrow('The registry is immutable');
  const operations = metadata.entities.get('books')?.operations as Set<string> | undefined;
  expect(() => operations?.add('fly')).toThrow('The registry is immutable');
  expect(metadata.entities.has('books')).toBe(true);
});

describe('the version', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'formwork-version-'));
    await cp(libraryFolder, folder, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const file = (): string => join(folder, 'entities', 'books.entity.json');
  const versionWith = async (change: (books: Record<string, unknown>) => unknown): Promise<string> => {
    const before = await readFile(file(), 'utf8');
    await writeFile(file(), JSON.stringify(change(JSON.parse(before) as Record<string, unknown>)));
    const { version } = await loadRegistry({ metadataDir: folder });
    await writeFile(file(), before);
    return version;
  };

  test('is 16 hex digits, the same wherever the files lie', async () => {
    const { version } = await libraryRegistry();
    expect(version).toMatch(/^[0-9a-f]{16}$/);
    expect((await loadRegistry({ metadataDir: folder })).version).toBe(version);
  });

  test('does not change with the order of keys or with what is for editors only', async () => {
    const { version } = await libraryRegistry();
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .map(([key, inner]) => [key, reversed(inner)] as const)
          .reverse(),
      );
    };
    expect(
      await versionWith(({ fields, relations, ...others }) => ({ ...(reversed(others) as object), fields, relations })),
    ).toBe(version);
    expect(await versionWith(({ $schema: _, ...others }) => others)).toBe(version);
  });

  test('changes with the content', async () => {
    const { version } = await libraryRegistry();
    expect(await versionWith((books) => ({ ...books, icon: 'books' }))).not.toBe(version);
    expect(await versionWith((books) => ({ ...books, indexes: [] }))).not.toBe(version);
  });

  test('does not change with another way to write the same condition', async () => {
    const rule = (value: string): object => ({
      validationRules: [
        {
          name: 'not_too_dear',
          on: ['create'],
          errorWhen: { fact: 'replacement_cost', operator: 'greaterThan', value },
          message: { en: 'Too dear.', ar: 'غالٍ جدًا.' },
        },
      ],
    });
    const plain = await versionWith((books) => ({ ...books, ...rule('1000') }));
    expect(await versionWith((books) => ({ ...books, ...rule('1000.00') }))).toBe(plain);
    expect(await versionWith((books) => ({ ...books, ...rule('1000.01') }))).not.toBe(plain);
  });
});

test('the error prints file, line, pointer and sentence of every finding', () => {
  const error = new MetadataError([
    { file: 'metadata/app.json', line: 7, pointer: '/prefix', message: 'One.' },
    { file: 'metadata/views/a.view.json', pointer: '', message: 'Two.' },
  ]);
  expect(error.message).toBe(
    'The metadata is not valid (2 findings):\n  metadata/app.json:7 /prefix: One.\n  metadata/views/a.view.json: Two.',
  );
  expect(new MetadataError(error.findings.slice(1)).message).toMatch(/^The metadata is not valid \(one finding\):/);
});
