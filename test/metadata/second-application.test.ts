// A second application on the same engine: the library has its own schema, paths and records, and nothing of the first.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { automationCatalogue, checkWorkflows } from '../../server/automation/catalogue.ts';
import { runWorkflowTests } from '../../server/automation/workflow-tests.ts';
import { type AnswerBody, startTestApp, type TestApp } from '../support/app.ts';
import { libraryRegistry } from '../support/registry.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ registry: await libraryRegistry() });
});
afterAll(() => app.stop());

async function created(path: string, body: Record<string, unknown>): Promise<AnswerBody> {
  const answer = await app.request('POST', path, { body });
  expect([path, answer.status, answer.status === 201 ? '' : answer.body]).toEqual([path, 201, '']);
  return answer.body['data'] as AnswerBody;
}

describe('the library', () => {
  test('has its tables in its own schema, under its own prefix', async () => {
    const { rows } = (await app.knex.raw(
      "SELECT DISTINCT table_schema AS schema FROM information_schema.tables WHERE table_name IN ('lib_books', 'lib_users')",
    )) as { rows: unknown };
    expect(rows).toEqual([{ schema: 'library' }]);
    const { rows: foreign } = (await app.knex.raw("SELECT 1 FROM information_schema.tables WHERE table_name LIKE 'crm\\_%'")) as {
      rows: unknown;
    };
    expect(foreign).toEqual([]);
  });

  test('lends a book over REST, with its rules and its links', async () => {
    const branch = await created('/branches', { name: 'Mitte', address: { city: 'Köln', country: 'DE' }, opens_at: '09:30' });
    const author = await created('/authors', { given_name: 'Assia', family_name: 'Djebar' });
    const book = await created('/books', {
      title: 'Fantasia',
      isbn: '978-0435086213',
      branch_id: branch['id'],
      genres: ['novel', 'history'],
      replacement_cost: '18.50',
    });
    expect(book).toMatchObject({ display_name: 'Fantasia', status: 'available', replacement_cost: '18.50' });
    await created('/book_authors', { book_id: book['id'], author_id: author['id'] });
    const child = { full_name: 'Lina', level: 'child' };
    const refused = await app.request('POST', '/members', { body: child });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([422, expect.stringContaining('A child needs a guardian.')]);
    const member = await created('/members', { full_name: 'Maryam', pin: '4711' });
    expect(member['card_number']).toMatch(/^M-\d{5}$/);
    expect(JSON.stringify(member)).not.toContain('4711');
    const loan = await created('/loans', {
      book_id: book['id'],
      member_id: member['id'],
      lent_at: '2026-01-05T10:00:00Z',
      due_on: '2026-02-02',
    });
    expect(loan['librarian_id']).toBe(app.adminId);
    const listed = await app.request('GET', `/loans?include=book&book_id[eq]=${book['id']}`);
    expect(listed.body['data']).toMatchObject([{ book: { title: 'Fantasia' } }]);
    expect(listed.body['data']).toHaveLength(1);
  });

  test('answers GraphQL under its own base path', async () => {
    const answer = await app.request('POST', '/graphql', { body: { query: '{ __schema { queryType { fields { name } } } }' } });
    const fields: unknown = answer.body['data']?.['__schema']?.['queryType']?.['fields'];
    const names = (fields as readonly { readonly name: string }[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['book', 'books', 'branch', 'branches']));
    expect(names).not.toContain('leads');
  });

  test('is described by its own OpenAPI document', async () => {
    const { status, body } = await app.request('GET', '/openapi.json');
    expect(status).toBe(200);
    const text = JSON.stringify(body);
    expect(text).toContain('/books');
    expect(text).not.toMatch(/crm|opportunit/i);
  });

  test('has workflows that pass the tests they carry', async () => {
    const catalogue = automationCatalogue();
    expect(checkWorkflows(app.registry, catalogue)).toEqual([]);
    const results = await runWorkflowTests(app.registry, catalogue);
    expect(results.map(({ name, failures }) => [name, failures])).toEqual(results.map(({ name }) => [name, []]));
    expect(results).toHaveLength(3);
  });
});
