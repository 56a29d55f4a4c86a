// Records that mirror metadata: they follow every registry, keep their ids, and are written once however many processes do it.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildRegistry } from '../../server/metadata/build.ts';
import type { MetadataDocument } from '../../server/metadata/document.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import { systemContext } from '../../server/repository/context.ts';
import { createRepository } from '../../server/repository/create-repository.ts';
import type { Repository } from '../../server/repository/repository.ts';
import { keepMirror, type MirrorServices } from '../../server/studio/mirror.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { migratedDatabase } from '../support/app.ts';
import type { TestDatabase } from '../support/database.ts';
import { libraryRegistry } from '../support/registry.ts';

let base: Registry;
let database: TestDatabase;
let repository: Repository;
beforeAll(async () => {
  base = await libraryRegistry();
  database = await migratedDatabase(base);
  repository = createRepository({ knex: database.knex, hooks: [], onError: () => undefined });
});
afterAll(() => database.drop());

const label = (text: string) => ({ en: text, ar: text });
/** The library with these fields made at run time on books. */
const withFields = (fields: Readonly<Record<string, object>>): Promise<Registry> => {
  const own: MetadataDocument = {
    layer: 'custom',
    kind: 'entities',
    file: 'custom/entities/ent_books',
    content: { id: 'ent_books', fields },
  };
  return buildRegistry([...base.documents, own], { fieldTypes: base.fieldTypes, number: 2 });
};
const services = (number = 2, author: string | null = null): MirrorServices => ({
  knex: database.knex,
  repository,
  log: createLog({ level: 'fatal' }),
  published: async () => ({ number, author }),
});

const table = (name: string) => database.knex.withSchema(base.app.schema).from(`${base.app.prefix}${name}`);
const live = (): Promise<Record<string, unknown>[]> =>
  table('custom_fields').whereNull('deleted_at').orderBy('metadata_id').select() as never;
const pages = { id: 'fld_shelf', type: 'text', label: label('Shelf'), maxLength: 10 };
const mood = { id: 'fld_mood', type: 'select', label: label('Mood'), options: [{ value: 'glad', label: label('Glad') }] };

describe('the mirror of the metadata', () => {
  test('holds the workflows of the files, but no field of theirs', async () => {
    await keepMirror(services(0), base);
    expect(await live()).toEqual([]);
    const stored = await table('workflows').select('name', 'metadata_id', 'status', 'definition');
    expect(stored).toHaveLength(base.workflows.length);
    expect(stored[0]).toMatchObject({ metadata_id: base.workflows[0]?.id, definition: { trigger: base.workflows[0]?.trigger } });
  });

  test('has a record for every field made at run time, its other properties under settings', async () => {
    const registry = await withFields({ shelf: pages, mood });
    await keepMirror(services(), registry);
    expect(await live()).toMatchObject([
      { metadata_id: 'fld_mood', entity: 'books', name: 'mood', type: 'select', settings: { options: mood.options } },
      { metadata_id: 'fld_shelf', entity: 'books', name: 'shelf', required: false, active: true, settings: { maxLength: 10 } },
    ]);
    const rows = await live();
    await Promise.all([1, 2, 3].map(() => keepMirror(services(), registry)));
    expect(await live()).toEqual(rows);
  });

  test('keeps the ids through renames, also where two change places', async () => {
    const before = await live();
    await keepMirror(services(), await withFields({ mood: pages, shelf: mood }));
    const after = await live();
    expect(after.map(({ id, name }) => [id, name])).toEqual([
      [before[0]?.['id'], 'shelf'],
      [before[1]?.['id'], 'mood'],
    ]);
  });

  test('a field that goes is deleted and comes back as the same record, in the name of who did it', async () => {
    const [, shelf] = await live();
    const person = { email: 'a@example.com', first_name: 'A', last_name: 'B' };
    const { id: user } = await repository.create(systemContext(base), 'users', person);
    await keepMirror(services(2, user), await withFields({ shelf: mood }));
    expect((await live()).map((row) => row['metadata_id'])).toEqual(['fld_mood']);
    expect(
      await table('custom_fields')
        .where('id', shelf?.['id'] as string)
        .first('deleted_by'),
    ).toEqual({ deleted_by: user });
    await keepMirror(services(), await withFields({ shelf: mood, rack: pages }));
    expect(await live()).toMatchObject([{}, { id: shelf?.['id'], name: 'rack' }]);
    const audit = await table('auditlog')
      .where({ record_type: 'custom_fields', record_id: shelf?.['id'] })
      .orderBy('id')
      .select();
    expect(audit.map(({ operation, actor_id }) => [operation, actor_id]).slice(-3)).toEqual([
      ['delete', user],
      ['restore', null],
      ['update', null],
    ]);
  });

  test('leaves it to newer registries: an older one writes nothing', async () => {
    const rows = await live();
    await keepMirror(services(3), await withFields({}));
    expect(await live()).toEqual(rows);
  });
});
