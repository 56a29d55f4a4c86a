// Between any two registries: there gives what was planned, back gives what was before.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { migrate, plan } from '../../server/versions/migrate.ts';
import { rollback } from '../../server/versions/roll-back.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { schemaDump } from '../tables/support/schema-dump.ts';
import { world } from '../tables/support/worlds.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const dump = async () => (await schemaDump(database.knex, 'library')).filter((line) => !line.startsWith('sequence'));

test('any change of an empty schema can be taken back, and a fresh installation looks the same as the changed one', async () => {
  const { knex } = database;
  await fc.assert(
    fc.asyncProperty(world, world, async (from, to) => {
      const { version } = await migrate(knex, from);
      const before = await dump();
      const { blockers } = await plan(knex, to);
      if (blockers.length === 0) {
        await migrate(knex, to);
        const changed = visible(await dump());
        await rollback(knex, to, { to: version });
        expect(await dump()).toEqual(before);
        await rollback(knex, to, { to: 0 });
        await migrate(knex, to);
        expect(visible(await dump())).toEqual(changed);
      } else {
        await expect(migrate(knex, to)).rejects.toMatchObject({ code: 'conflict' });
        expect(await dump()).toEqual(before);
      }
      await rollback(knex, to, { to: 0 });
    }),
    { numRuns: 15 },
  );
});

/** Without what was set aside. */
const visible = (lines: readonly string[]): readonly string[] => lines.filter((line) => !line.includes('__retired_'));
