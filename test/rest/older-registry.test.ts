// A node whose metadata are older than the tables: its requests load the newest and run again, once, with one effect.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Registry } from '../../server/metadata/registry.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { changedRegistry, renameKey } from '../support/changed-registry.ts';
import { libraryRegistry } from '../support/registry.ts';
import { type SecondNode, secondNode } from '../support/second-node.ts';

const until = new Date(Date.now() + 86_400_000).toISOString();

let app: TestApp;
let node: SecondNode;
let older: Registry;
let newer: Registry;
let refreshed = 0;

const rename = (from: string, to: string) => app.knex.raw(`ALTER TABLE library.lib_authors RENAME COLUMN ${from} TO ${to}`);

beforeAll(async () => {
  older = await libraryRegistry();
  newer = await changedRegistry(older, /authors\.entity\.json$/, (authors) => {
    if (authors.name === 'authors')
      renameKey(authors.fields, 'born_on', 'birthday', { formerNames: [{ name: 'born_on', until }] });
  });
  app = await startTestApp({ registry: older });
  node = await secondNode(app, async () => {
    refreshed += 1;
    if (app.parts.registry.current() === newer) return false;
    app.parts.registry.replace(newer);
    return true;
  });
});
afterAll(async () => {
  await node.stop();
  await app.stop();
});

beforeEach(async () => {
  refreshed = 0;
  await rename('born_on', 'birthday');
});
afterEach(async () => {
  await rename('birthday', 'born_on');
  app.parts.registry.replace(older);
});

const author = (family_name: string) => ({ family_name, born_on: '1815-12-10' });
const count = async (family: string): Promise<Record<string, number>> => {
  const { rows } = await app.knex.raw<{ rows: Record<string, number>[] }>(
    `SELECT (SELECT count(*)::int FROM library.lib_authors WHERE family_name = :family) AS records,
      (SELECT count(*)::int FROM library.lib_auditlog WHERE record_name = :family) AS audited,
      (SELECT count(*)::int FROM library.lib_outbox WHERE payload->'after'->>'family_name' = :family) AS events`,
    { family },
  );
  return rows[0] ?? {};
};

describe('a request on tables that have moved on', () => {
  test('a read answers with the newer metadata and says so', async () => {
    const before = await node.request('GET', '/books');
    expect([before.status, before.headers.get('x-metadata-version')]).toEqual([200, '0']);
    const list = await node.request('GET', '/authors?sort=born_on&born_on[gte]=1800-01-01');
    expect(list.status).toBe(200);
    expect(list.headers.get('x-metadata-version')).toBe('1');
    expect(list.headers.get('cache-control')).toBe('private, no-cache');
    expect(refreshed).toBe(1);
  });

  test('a write has its effects once, and its answer is the one that is kept', async () => {
    const key = { 'Idempotency-Key': randomUUID() };
    const made = await node.request('POST', '/authors', { body: author('Lovelace'), headers: key });
    expect(made.status).toBe(201);
    expect(made.body['data']).toMatchObject({ family_name: 'Lovelace', birthday: '1815-12-10', born_on: '1815-12-10' });
    expect(await count('Lovelace')).toEqual({ records: 1, audited: 1, events: 1 });
    const again = await node.request('POST', '/authors', { body: author('Lovelace'), headers: key });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(made.body);
    app.parts.registry.replace(older);
    const id = String(made.body['data']?.['id']);
    const patched = await node.request('PATCH', `/authors/${id}`, { body: { born_on: null }, headers: { 'If-Match': '"1"' } });
    expect([patched.status, patched.body['data']?.['birthday'], patched.body['data']?.['version']]).toEqual([200, null, 2]);
  });

  test('many at once all succeed', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) => node.request('POST', '/authors', { body: author(`Many ${at}`) })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
  });

  test('a GraphQL document runs again as a whole, mutations and queries alike', async () => {
    const mutation = `mutation { one: createAuthor(input: { family_name: "Graph One" }) { id }
      two: createAuthor(input: { family_name: "Graph Two", born_on: "1900-01-01" }) { id born_on } }`;
    const made = await node.request('POST', '/graphql', { body: { query: mutation } });
    expect(made.body['errors']).toBeUndefined();
    expect(made.body['data']).toMatchObject({ two: { born_on: '1900-01-01' } });
    expect([await count('Graph One'), await count('Graph Two')]).toEqual([
      { records: 1, audited: 1, events: 1 },
      { records: 1, audited: 1, events: 1 },
    ]);
    app.parts.registry.replace(older);
    const query = '{ authors(filter: { family_name: { eq: "Graph Two" } }, sort: "born_on") { nodes { born_on } } }';
    const read = await node.request('POST', '/graphql', { body: { query } });
    expect(read.body).toEqual({ data: { authors: { nodes: [{ born_on: '1900-01-01' }] } } });
    expect(read.headers.get('x-metadata-version')).toBe('1');
  });

  test('an export begins again before anything is sent', async () => {
    await node.request('POST', '/authors', { body: author('Exported') });
    app.parts.registry.replace(older);
    const file = await node.request('GET', '/authors/export?fields=family_name,born_on&family_name[eq]=Exported');
    expect(file.status).toBe(200);
    expect(String(file.body)).toBe('family_name,born_on\nExported,1815-12-10\n');
  });

  test('without newer metadata the failure stays, and nothing is written or kept', async () => {
    app.parts.registry.replace(newer);
    await rename('birthday', 'mislaid');
    const key = { 'Idempotency-Key': randomUUID() };
    const failed = await node.request('POST', '/authors', { body: author('Nobody'), headers: key });
    expect([failed.status, failed.body['code']]).toEqual([500, 'internal']);
    expect(refreshed).toBeGreaterThan(1);
    await rename('mislaid', 'birthday');
    const made = await node.request('POST', '/authors', { body: author('Nobody'), headers: key });
    expect(made.status).toBe(201);
  });
});
