// Closing the pool right after a write: the word to the workers must not hold it open.
import { afterAll, expect, test } from '@jest/globals';
import { connect } from '../../server/database/pool.ts';
import { systemContext } from '../../server/repository/context.ts';
import { createRepository } from '../../server/repository/create-repository.ts';
import { migratedDatabase } from '../support/app.ts';
import { crmRegistry } from '../support/registry.ts';

const registry = await crmRegistry();
const database = await migratedDatabase(registry);
afterAll(() => database.drop());

test('a pool that is closed at once after a write tells nobody any more, and reports no error', async () => {
  const knex = connect({ url: database.url, poolSize: 2, applicationName: 'formwork test' });
  const errors: string[] = [];
  const repository = createRepository({ knex, hooks: [], onError: (message) => errors.push(message) });
  await repository.create(systemContext(registry), 'tags', { name: 'last words' });
  await knex.destroy();
  // The word would go out 10 ms after the commit; by then there must be nothing that waits for a connection.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(knex.client.pool).toBeUndefined();
  expect(errors).toEqual([]);
});
