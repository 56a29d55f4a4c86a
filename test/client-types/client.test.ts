// The generated client: it type-checks as strictly as TypeScript can, wrong names do not, and it speaks to a running application.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clientFile } from '../../server/client-types/client-file.ts';
import { buildRegistry } from '../../server/metadata/build.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import { packageRoot } from '../../server/package-root.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { crmRegistry, libraryRegistry } from '../support/registry.ts';

let folder: string;
let registry: Registry;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'formwork-client-'));
  registry = await libraryRegistry();
  const strict = {
    target: 'es2023',
    lib: ['es2023', 'dom'],
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noPropertyAccessFromIndexSignature: true,
    noImplicitOverride: true,
    noImplicitReturns: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    erasableSyntaxOnly: true,
    types: [],
  };
  write('package.json', JSON.stringify({ type: 'module' }));
  write('tsconfig.json', JSON.stringify({ compilerOptions: strict, include: ['library.ts', 'crm.ts', 'right.ts'] }));
  write('library.ts', await clientFile(registry));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

/** What the compiler says: nothing when all is well. */
function compile(...words: readonly string[]): string {
  const compiler = join(packageRoot(), 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    return execFileSync(process.execPath, [compiler, ...words], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}

const right = `
import { type Book, type BookCreate, createClient } from './library.js';
const library = createClient({ baseUrl: 'http://localhost', token: async () => 'token' });
export async function use(input: BookCreate): Promise<void> {
  const made: Book = await library.books.create(input);
  await library.books.update(made.id, { pages: 3, weight: '0.250', isbn: null }, { ifVersion: made.version });
  const { data } = await library.books.list({
    filter: { format: { in: ['audio', 'hardcover'] }, title: { icontains: 'sea' }, pages: { between: [1, 9] }, genres: { has: 'novel' } },
    fields: ['title', 'genres'],
    include: { branch: true, loans: { member: { creator: true } }, creator: true },
    sort: ['-title', 'created_at'],
    where: { none: { relation: 'loans', where: { fact: 'status', operator: 'equal', value: 'out' } } },
  });
  const title: string | undefined = data[0]?.title;
  const borrower: string | undefined = data[0]?.loans.data[0]?.member?.creator?.email;
  for await (const page of library.loans.pages({ limit: 2 })) page.data.map((loan) => loan.due_on.slice(title?.length, borrower?.length));
  const kind: string | undefined = (await library.timeline.get(made.id, { include: { parent: true } })).parent?.entity;
  await library.books.delete(kind ?? made.id);
}
`;

const wrong: readonly (readonly [line: string, complaint: string])[] = [
  ["library.books.list({ filter: { titel: { eq: 'a' } } });", "'titel' does not exist"],
  ["library.books.list({ filter: { title: { has: 'a' } } });", "'has' does not exist"],
  ["library.books.list({ filter: { format: { eq: 'scroll' } } });", 'Type \'"scroll"\' is not assignable'],
  ["library.books.list({ sort: 'titel' });", 'Type \'"titel"\' is not assignable'],
  ["library.books.list({ sort: 'genres' });", 'Type \'"genres"\' is not assignable'],
  ['library.books.list({ include: { lons: true } });', "'lons' does not exist"],
  ['library.books.list({ include: { loans: { nobody: true } } });', "'nobody' does not exist"],
  ["library.books.list({ fields: ['titel'] });", 'Type \'"titel"\' is not assignable'],
  ['library.branches.create({});', "Property 'name' is missing"],
  ['library.branches.create({ name: 1 });', "Type 'number' is not assignable to type 'string'"],
  ["library.branches.update('', { name: null });", "Type 'null' is not assignable to type 'string'"],
  ["library.branches.update('', { version: 2 });", "'version' does not exist"],
  ['library.auditlog.create({});', "Property 'create' does not exist"],
  ['library.nothing.list();', "Property 'nothing' does not exist"],
  ["library.books.get('', { fields: ['id'] }).then((book) => book.title);", "Property 'title' does not exist"],
];

describe('the types', () => {
  test('both applications, and a sample of right uses, pass the strictest settings', async () => {
    write('crm.ts', await clientFile(await crmRegistry()));
    write('right.ts', right);
    expect(compile('-p', '.', '--noEmit')).toBe('');
  });

  test('every wrong name or value is an error on its own line', () => {
    const head = ["import { createClient } from './library.js';", "const library = createClient({ baseUrl: '' });"];
    write('wrong.ts', [...head, ...wrong.map(([line]) => line), 'export {};'].join('\n'));
    write('tsconfig.wrong.json', JSON.stringify({ extends: './tsconfig.json', include: ['wrong.ts'] }));
    const complaints = compile('-p', 'tsconfig.wrong.json', '--noEmit')
      .split('\n')
      .filter((line) => line.startsWith('wrong.ts'));
    const expected = wrong.map(([, complaint], at) =>
      expect.stringMatching(new RegExp(`^wrong\\.ts\\(${at + 3},\\d+\\): .*${escaped(complaint)}`)),
    );
    expect(complaints).toEqual(expected);
  });

  test('the header names the application, the version and its hash', async () => {
    const numbered = await buildRegistry(registry.documents, { fieldTypes: registry.fieldTypes, number: 12 });
    const [first = '', , third] = (await clientFile(numbered)).split('\n');
    expect(first).toBe(
      `/** Typed client of Library, metadata version 12 (${registry.version}). Written by \`formwork types\`: changes made here are lost. */`,
    );
    expect(third).toBe(
      `export const metadata = { app: 'library', basePath: '/library/v1', version: 12, hash: '${registry.version}' } as const;`,
    );
  });

  test('texts of people stay inside of their comments and literals', async () => {
    const label = { en: 'Ends */ here', ar: 'نص' };
    const options = [{ value: 'it\'s \u2028 "so"\\', label }];
    const entity = {
      id: 'ent_page',
      name: 'pages',
      singular: 'page',
      plural: 'pages',
      label: { en: { one: 'Page', other: 'Pages' }, ar: { one: 'صفحة', other: 'صفحات' } },
    };
    const field = { id: 'fld_page_a', type: 'select', label, options };
    const content = { ...entity, display: { nameFields: ['a'] }, operations: ['create', 'read'], fields: { a: field } };
    const document = { layer: 'custom', kind: 'entities', file: 'custom/entities/ent_page', content } as const;
    const text = await clientFile(await buildRegistry([...registry.documents, document], { fieldTypes: registry.fieldTypes }));
    expect(text).toContain('/** Ends *\\/ here. */');
    expect(text).toContain("export type PageA = 'it\\'s \\u2028 \"so\"\\\\';");
    expect(text).toContain('export interface PageRecord {');
    write('odd.ts', text);
    write('tsconfig.odd.json', JSON.stringify({ extends: './tsconfig.json', include: ['odd.ts'] }));
    expect(compile('-p', 'tsconfig.odd.json', '--noEmit')).toBe('');
  });
});

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** As the compiler sees it in `right`; here the calls are what counts. */
type Row = { readonly id: string; readonly version: number; readonly [field: string]: unknown };
type Call<R> = (...given: unknown[]) => Promise<R>;
type Pages = { readonly data: readonly Row[]; readonly page: { readonly hasNext: boolean; readonly total?: number } };
interface Methods {
  readonly list: Call<Pages>;
  readonly pages: (...given: unknown[]) => AsyncGenerator<Pages>;
  readonly get: Call<Row>;
  readonly create: Call<Row>;
  readonly createMany: Call<readonly Row[]>;
  readonly update: Call<Row>;
  readonly delete: Call<void>;
  readonly purge: Call<void>;
  readonly restore: Call<Row>;
}

describe('the client', () => {
  let app: TestApp;
  let library: Readonly<Record<string, Methods>>;
  let sent: Request[] = [];

  beforeAll(async () => {
    app = await startTestApp({ registry });
    write('tsconfig.emit.json', JSON.stringify({ extends: './tsconfig.json', include: ['library.ts'] }));
    expect(compile('-p', 'tsconfig.emit.json')).toBe('');
    const { createClient } = (await import(pathToFileURL(join(folder, 'library.js')).href)) as {
      createClient: (options: object) => Readonly<Record<string, Methods>>;
    };
    const watched: typeof fetch = (input, init) => {
      sent.push(new Request(input, init));
      return fetch(input, init);
    };
    library = createClient({
      baseUrl: `${app.base}/`,
      token: () => app.token(),
      fetch: watched,
      headers: { 'Accept-Language': 'en' },
    });
  });
  afterAll(() => app.stop());
  const of = (entity: string): Methods => {
    const methods = library[entity];
    if (methods === undefined) throw new Error(`There is no ${entity}`);
    sent = [];
    return methods;
  };

  test('creates, reads, changes, deletes and restores, each write under a key of its own', async () => {
    const branches = of('branches');
    const made = await branches.create({ name: 'Harbour' });
    expect(made).toMatchObject({ name: 'Harbour', version: 1 });
    const changed = await branches.update(made.id, { name: 'Old harbour' }, { ifVersion: 1 });
    expect(changed).toMatchObject({ name: 'Old harbour', version: 2 });
    expect(await branches.get(made.id, { fields: ['name'] })).toEqual({ name: 'Old harbour' });
    expect(await branches.delete(made.id)).toBeUndefined();
    await expect(branches.get(made.id)).rejects.toMatchObject({ name: 'ApiProblem', status: 404, code: 'not_found' });
    expect(await branches.restore(made.id)).toMatchObject({ id: made.id });
    const keys = sent.map((request) => request.headers.get('Idempotency-Key')).filter((key) => key !== null);
    expect(new Set(keys).size).toBe(4);
    expect(sent.find((request) => request.method === 'PATCH')?.headers.get('If-Match')).toBe('"1"');
  });

  test('a lost answer is asked for again under the same key', async () => {
    const branches = of('branches');
    const first = await branches.create({ name: 'Once' }, { idempotencyKey: 'once-and-only' });
    expect(await branches.create({ name: 'Once' }, { idempotencyKey: 'once-and-only' })).toEqual(first);
  });

  test('a stale version, a bad value and a failed sign-in are thrown as problems', async () => {
    const branches = of('branches');
    const made = await branches.create({ name: 'Contested' });
    await branches.update(made.id, { name: 'Mine' });
    await expect(branches.update(made.id, { name: 'Theirs' }, { ifVersion: 1 })).rejects.toMatchObject({
      status: 412,
      code: 'stale_version',
      document: { current: { name: 'Mine' } },
    });
    await expect(branches.create({ name: 7 })).rejects.toMatchObject({
      code: 'validation_failed',
      errors: [{ pointer: '/name' }],
    });
  });

  test('lists by filters with any text, sorts, counts, includes and walks over pages', async () => {
    const branches = of('branches');
    const names = ['Alpha, one', 'Alpha, two', 'Alpha, three'];
    const made = await branches.createMany(names.map((name) => ({ name })));
    const query = { filter: { name: { in: names } }, sort: ['-name', 'id'], include: { creator: true }, count: 'exact' };
    const { data, page } = await branches.list(query);
    expect(data.map(({ name }) => name)).toEqual(['Alpha, two', 'Alpha, three', 'Alpha, one']);
    expect(data[0]).toMatchObject({ creator: { email: app.adminEmail } });
    expect(page.total).toBe(3);
    const seen: unknown[] = [];
    for await (const one of branches.pages({ ...query, limit: 2 })) seen.push(one.data.map(({ id }) => id));
    const [first, second, third] = made.map(({ id }) => id);
    expect(seen).toEqual([[second, third], [first]]);
    await Promise.all(made.map(({ id }) => branches.purge(id)));
    expect((await branches.list({ ...query, deleted: 'with' })).data).toEqual([]);
  });

  test('a filter too long for an address travels as a body', async () => {
    const branches = of('branches');
    const made = await branches.create({ name: 'Needle' });
    const many = Array.from({ length: 400 }, (_, at) => `Hay number ${at}`);
    const { data } = await branches.list({ filter: { name: { in: [...many, 'Needle'] } }, fields: ['id'], include: {} });
    expect(data).toEqual([{ id: made.id }]);
    expect(sent.at(-1)).toMatchObject({ method: 'POST', url: `${app.base}/branches/query` });
  });
});
