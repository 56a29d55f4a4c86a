// Files that rename things or no longer offer options: nobody tells which operations those were, the two states do.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { planText } from '../../server/commands/plan-text.ts';
import { buildRegistry } from '../../server/metadata/build.ts';
import { applyChanges } from '../../server/metadata/changes/apply-changes.ts';
import type { MetadataChange } from '../../server/metadata/changes/types.ts';
import { foldLayers } from '../../server/metadata/fold-layers.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import { systemTable } from '../../server/tables/names.ts';
import { migrate, plan } from '../../server/versions/migrate.ts';
import { rollback } from '../../server/versions/roll-back.ts';
import { migratedDatabase } from '../support/app.ts';
import type { TestDatabase } from '../support/database.ts';
import { libraryRegistry } from '../support/registry.ts';

let library: Registry;
let database: TestDatabase;
beforeAll(async () => {
  library = await libraryRegistry();
});
beforeEach(async () => {
  await database?.drop();
  database = await migratedDatabase(library);
});
afterAll(() => database.drop());

/** The application as somebody would have written its files after the changes. */
async function filesAfter(...changes: readonly MetadataChange[]): Promise<Registry> {
  const { issues, documents, registry } = await applyChanges(library, changes);
  expect(issues).toEqual([]);
  const below = documents.filter(({ layer }) => layer === 'platform' || layer === 'plugin');
  return buildRegistry([...below, ...foldLayers(documents)], { fieldTypes: registry.fieldTypes });
}

const rename: MetadataChange = { op: 'renameEntity', entity: 'books', to: 'volumes', singular: 'volume' };

test('an entity that has another name in the files keeps its rows, and what refers to them follows', async () => {
  const { knex } = database;
  const [branch, book, tag, link] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
  await knex('library.lib_branches').insert({ id: branch, name: 'Main', display_name: 'Main' });
  await knex('library.lib_books').insert({ id: book, title: 'T', display_name: 'T', branch_id: branch });
  await knex('library.lib_tags').insert({ id: tag, name: 'old', display_name: 'old' });
  await knex('library.lib_tag_links').insert({ id: link, tag_id: tag, record_type: 'books', record_id: book });
  const files = await filesAfter(rename);
  const { version } = await migrate(knex, files);
  const type = async () => (await knex('library.lib_tag_links').where({ id: link }).first())?.record_type;
  expect([await type(), await knex('library.lib_volumes').where({ id: book }).first()]).toMatchObject([
    'volumes',
    { title: 'T' },
  ]);
  // Nodes that still serve the old files were told of the coming names first.
  const [prepared] = await knex(systemTable(library.app, 'meta_publications').replaceAll('"', ''))
    .where({ version: version - 1 })
    .orderBy('serial', 'desc');
  expect(prepared?.transition).toMatchObject({ entityNames: { books: ['volumes', 'volume'] } });
  await rollback(knex, library);
  expect(await type()).toBe('books');
});

test('an option that the files no longer offer is held by the records that have it', async () => {
  const { knex } = database;
  const [field] = [...(library.entities.get('loans')?.fields.values() ?? [])].filter(({ meta }) => meta.options !== undefined);
  const option = field?.meta.options?.at(-1)?.value ?? '';
  const files = await buildRegistry(
    library.documents.map((document) =>
      document.kind === 'optionSets' || document.kind === 'entities'
        ? { ...document, content: withoutOption(document.content, field?.meta.id ?? '', field?.meta['optionSet'], option) }
        : document,
    ),
    { fieldTypes: library.fieldTypes, checked: true },
  );
  const id = uuidv7();
  await insertLoan(id, field?.name ?? '', option);
  await expect(migrate(knex, files)).rejects.toMatchObject({
    code: 'conflict',
    extra: { blockers: [{ code: 'options_in_use', examples: [id], total: 1 }] },
  });
  await knex('library.lib_loans').delete();
  await migrate(knex, files);
});

async function insertLoan(id: string, field: string, option: string): Promise<void> {
  const { rows } = await database.knex.raw<{ rows: { name: string; type: string }[] }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute a
      WHERE attrelid = 'library.lib_loans'::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull AND NOT atthasdef AND attname <> 'id'`,
  );
  const some = (type: string): unknown =>
    type === 'uuid' ? uuidv7() : /date|time/.test(type) ? '2026-01-01' : type === 'text' ? 'x' : 0;
  const needed = Object.fromEntries(rows.map(({ name, type }) => [name, some(type)]));
  await database.knex.raw(`SET session_replication_role = replica`);
  await database.knex('library.lib_loans').insert({ ...needed, id, [field]: option });
  await database.knex.raw(`SET session_replication_role = DEFAULT`);
}

type Json = Readonly<Record<string, unknown>>;
function withoutOption(content: Json, fieldId: string, optionSet: unknown, option: string): Json {
  const dropped = (options: unknown) => (options as { value: string }[]).filter(({ value }) => value !== option);
  if (content['name'] === optionSet && Array.isArray(content['options']))
    return { ...content, options: dropped(content['options']) };
  const fields = Object.entries((content['fields'] ?? {}) as Readonly<Record<string, Json>>).map(([name, field]) => [
    name,
    field['id'] === fieldId && Array.isArray(field['options']) ? { ...field, options: dropped(field['options']) } : field,
  ]);
  return Object.hasOwn(content, 'fields') ? { ...content, fields: Object.fromEntries(fields) } : content;
}

test('the plan at the terminal tells what differs, what uses it, and what breaks for clients', async () => {
  const files = await filesAfter(rename, { op: 'renameField', entity: 'volumes', name: 'isbn', to: 'code', aliasDays: 0 });
  const text = planText(await plan(database.knex, files), { sql: true });
  expect(text).toContain('Rename table lib_books → lib_volumes');
  expect(text).toMatch(/What differs from the metadata in force:\n(.*\n)*.*isbn/);
  expect(text).toMatch(/What uses what changes:\n {2}rewritten {2}The /);
  expect(text).toMatch(/For clients of the API:\n.*\n(.*\n)*.*books/);
  expect(text).toContain('ALTER TABLE "library"."lib_books" RENAME TO "lib_volumes"');
  expect(planText(await plan(database.knex, library), { sql: false })).toMatch(
    /^Nothing to do: the tables are as the metadata say \(version 1\)\.$/,
  );
});
