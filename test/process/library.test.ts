// Another application on the same program: the library, which shares nothing with the CRM but the engine.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../server/package-root.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { adminVariables, type Client, send, signedIn } from './client.ts';
import { type Program, programFolder } from './program.ts';

const folder = programFolder();
let database: TestDatabase;
let program: Program;
let url: string;
let client: Client;

beforeAll(async () => {
  database = await testDatabase();
  program = folder.run(['start'], {
    ...adminVariables,
    DATABASE_URL: database.url,
    FORMWORK_METADATA_DIR: join(packageRoot(), 'test', 'fixtures', 'library'),
    FORMWORK_DEMO: '1',
  });
  url = await program.ready();
  client = await signedIn(`${url}/library/v1`);
});
afterAll(async () => {
  program.signal('SIGTERM');
  await program.ended;
  await folder.remove();
  await database.drop();
});

test('it starts under its own name and address', async () => {
  expect(program.output()).toMatch(/^\n {2}Library is ready at /);
  expect((await send('GET', `${url}/app.json`)).body).toMatchObject({ name: 'library', basePath: '/library/v1' });
  expect((await send('GET', `${url}/crm/v1/auth/me`)).status).toBe(404);
  expect((await client.get('/contacts')).status).toBe(404);
});

describe('its records', () => {
  test('are written and read over REST, with relations and rules of its own', async () => {
    const branch = await client.post('/branches', { name: 'Old Town' });
    expect(branch.status).toBe(201);
    const branchId = branch.body['data']?.['id'];
    const book = await client.post('/books', { title: 'On Lending', branch_id: branchId, isbn: '9783161484100' });
    expect({ status: book.status, errors: book.body['errors'] }).toEqual({ status: 201, errors: undefined });
    const found = await client.get('/books?include=branch&limit=10');
    expect(found.body['data']).toMatchObject([{ title: 'On Lending', branch: { name: 'Old Town' } }]);
  });

  test('are answered over GraphQL', async () => {
    const { status, body } = await client.post('/graphql', { query: '{ books(first: 5) { nodes { title branch { name } } } }' });
    expect(status).toBe(200);
    expect(body).toEqual({ data: { books: { nodes: [{ title: 'On Lending', branch: { name: 'Old Town' } }] } } });
  });
});

test('its OpenAPI document knows its paths only', async () => {
  const { status, body } = await client.get('/openapi.json');
  expect(status).toBe(200);
  const paths = Object.keys(body['paths'] ?? {});
  expect(paths.filter((path) => path.endsWith('/books'))).not.toEqual([]);
  expect(JSON.stringify(body)).not.toMatch(/crm/i);
});

test('its database holds nothing that is named after the other application', async () => {
  const { rows } = await database.knex.raw<{ rows: { schema: string; name: string }[] }>(`
    SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
     UNION SELECT n.nspname, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`);
  const names = rows.map(({ schema, name }) => `${schema}.${name}`);
  expect(names).toContain('library.lib_books');
  expect(names.filter((name) => /crm/i.test(name))).toEqual([]);
  expect([...new Set(rows.map(({ schema }) => schema))].sort()).toEqual(expect.arrayContaining(['lib_queue', 'library']));
});
