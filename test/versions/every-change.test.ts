// Up, down and up again over every kind of change: the same schema and the same rows each time, whatever way they came about.
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { connect } from '../../server/database/pool.ts';
import { buildRegistry } from '../../server/metadata/build.ts';
import { applyChanges } from '../../server/metadata/changes/apply-changes.ts';
import type { MetadataChange } from '../../server/metadata/changes/types.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { applyVersion } from '../../server/versions/apply-version.ts';
import { migrate } from '../../server/versions/migrate.ts';
import { publishedRegistry } from '../../server/versions/published.ts';
import { rollbackVersion } from '../../server/versions/roll-back.ts';
import type { VersionServices } from '../../server/versions/services.ts';
import { fillTable } from '../faults/fill.ts';
import { foundation, foundationValues, kinds } from '../faults/kinds.ts';
import { leftovers, type State, stateOf } from '../faults/state.ts';
import { type TestDatabase, templateDatabase, testDatabase } from '../support/database.ts';
import { libraryRegistry } from '../support/registry.ts';

const rows = 500;
let library: Registry;
let template: string;

beforeAll(async () => {
  library = await libraryRegistry();
  template = await templateDatabase('every_change', buildTemplate);
});

const servicesFor = (database: { readonly knex: VersionServices['knex']; readonly url: string }): VersionServices => ({
  ...database,
  fieldTypes: library.fieldTypes,
  app: library.app,
  log: createLog({ level: 'silent' }),
});

/** The library with the fields that the kinds change, and rows. */
async function buildTemplate(url: string): Promise<void> {
  const knex = connect({ url, poolSize: 3, applicationName: 'every change' });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await migrate(knex, library);
    await change(servicesFor({ knex, url }), foundation);
    const [branch, book] = [uuidv7(), uuidv7()];
    await knex('library.lib_branches').insert({ id: branch, name: 'Main', display_name: 'Main', search_text: 'main' });
    await knex('library.lib_books').insert({
      id: book,
      title: 'T',
      display_name: 'T',
      search_text: 't',
      branch_id: branch,
      copies: 1,
    });
    const table = { schema: 'library', table: '"library"."lib_books"', tableName: 'lib_books' };
    await fillTable(client, { ...table, template: book, rows, values: foundationValues });
  } finally {
    await client.end();
    await knex.destroy();
  }
}

async function change(services: VersionServices, changes: readonly MetadataChange[]): Promise<number> {
  const base = await publishedRegistry(services);
  if (base === undefined) throw new Error('Nothing is published');
  const result = await applyChanges(base, changes);
  if (result.issues.length > 0) throw new Error(JSON.stringify(result.issues));
  const { documents, data, names, emptyUnconvertible } = result;
  const wanted = await buildRegistry(documents, { fieldTypes: base.fieldTypes });
  const signed = { kind: 'change', author: 'test', reason: null } as const;
  const { number, done } = await applyVersion(services, { wanted, data, names, emptyUnconvertible, changes, ...signed });
  await done;
  return number;
}

async function goBack(services: VersionServices, to: number): Promise<number> {
  const { done } = await rollbackVersion(services, { to, author: 'test', reason: null });
  return (await done).number;
}

let database: TestDatabase | undefined;
afterEach(async () => {
  await database?.drop();
  database = undefined;
});

test.each(kinds.map(({ kind, changes }) => [kind, changes] as const))(
  '%s: up, down, up again, both ways',
  async (_kind, changes) => {
    database = await testDatabase({ template });
    const services = servicesFor(database);
    const { knex } = database;
    const state = (): Promise<State> => stateOf(knex, library.app.schema);
    const left = () => leftovers(knex, library.app);
    const documents = async () => (await publishedRegistry(services))?.documents;

    const base = (await publishedRegistry(services))?.number ?? 0;
    const [before, metadataBefore] = [await state(), await documents()];
    expect(before.rows['lib_books']).toMatch(/^501 rows, /);

    const made = await change(services, changes);
    const [after, metadataAfter] = [await state(), await documents()];
    expect({ made, left: await left() }).toEqual({ made: base + 1, left: [] });
    expect(metadataAfter).not.toEqual(metadataBefore);

    const back = await goBack(services, base);
    expect({ state: await state(), left: await left() }).toEqual({ state: before, left: [] });
    expect(await documents()).toEqual(metadataBefore);

    // Taking the way back back leads to where the change had led.
    await goBack(services, made);
    expect({ state: await state(), left: await left() }).toEqual({ state: after, left: [] });
    expect(await documents()).toEqual(metadataAfter);

    await goBack(services, back);
    expect({ state: await state(), left: await left() }).toEqual({ state: before, left: [] });

    // Asked for anew it leads there too; only the day until which a former name is understood may be another.
    await change(services, changes);
    expect({ state: await state(), left: await left() }).toEqual({ state: after, left: [] });
  },
);
