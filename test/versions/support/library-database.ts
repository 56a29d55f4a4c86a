// A database with the small library in it, made anew for every test of a file.
import { afterAll, beforeEach } from '@jest/globals';
import type { Knex } from 'knex';
import type { Registry } from '../../../server/metadata/registry.ts';
import { migrate } from '../../../server/versions/migrate.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

/** Gives the database of the test that runs. */
export function freshDatabases(registry: Registry): () => Knex {
  let database: TestDatabase | undefined;
  beforeEach(async () => {
    await database?.drop();
    database = await testDatabase();
    await migrate(database.knex, registry);
  });
  afterAll(() => database?.drop());
  return () => {
    if (database === undefined) throw new Error('no database');
    return database.knex;
  };
}
