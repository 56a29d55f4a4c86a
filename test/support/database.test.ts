import { expect, test } from '@jest/globals';
import { connect } from '../../server/database/pool.ts';
import { templateDatabase, testDatabase } from './database.ts';

async function build(url: string): Promise<void> {
  const knex = connect({ url });
  await knex.raw('CREATE TABLE built AS SELECT 1 AS number');
  await knex.destroy();
}

test('a template is built once however many ask for it, and each database is a copy of its own', async () => {
  let builds = 0;
  const counted = (url: string) => {
    builds += 1;
    return build(url);
  };
  const names = await Promise.all([1, 2, 3].map(() => templateDatabase('counted', counted)));
  expect(builds).toBe(1);
  const template = names[0] ?? '';
  const [one, two] = await Promise.all([testDatabase({ template }), testDatabase({ template })]);
  await one.knex.raw('INSERT INTO built VALUES (2)');
  expect((await one.knex.raw('SELECT count(*)::int AS rows FROM built')).rows).toEqual([{ rows: 2 }]);
  expect((await two.knex.raw('SELECT count(*)::int AS rows FROM built')).rows).toEqual([{ rows: 1 }]);
  await Promise.all([one.drop(), two.drop()]);
});

test('a template whose build fails is not there, and may be built again', async () => {
  await expect(templateDatabase('failing', () => Promise.reject(new Error('boom')))).rejects.toThrow('boom');
  expect(await templateDatabase('failing', build)).toMatch(/_template_failing$/);
});
