// An entity made at run time is there for everybody at once: tables, APIs, documents, forms, search, import, rights, audit, rules.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Background, startBackground } from '../../server/app/background.ts';
import { until } from '../process/program.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { libraryRegistry } from '../support/registry.ts';
import { signIn } from '../support/requests.ts';
import { readings, readingsLayout, text, toBranches } from './support/changes.ts';
import { type MetadataApi, metadataApi, pointersOf, recordOf, recordsOf } from './support/metadata-api.ts';

let app: TestApp;
let meta: MetadataApi;
let background: Background;
let branchId: string;
beforeAll(async () => {
  app = await startTestApp({ registry: await libraryRegistry(), live: true });
  meta = metadataApi(app);
  background = await startBackground(app.parts);
  branchId = String(recordOf(await app.request('POST', '/branches', { body: { name: 'Harbour' } }))['id']);
});
afterAll(async () => {
  await background.stop();
  await app.stop();
});

const graphql = async (query: string) => (await app.request('POST', '/graphql', { body: { query } })).body;
const firstTitle = 'An evening of poems';

describe('an entity with eight fields, a relation, a validation and a form', () => {
  test('is live over REST, GraphQL and in its form as soon as the change is answered', async () => {
    const began = performance.now();
    const answer = await meta.apply([readings, toBranches, readingsLayout], { reason: 'Readings begin' });
    const applied = performance.now();
    expect([answer.status, answer.body['errors']]).toEqual([200, undefined]);
    const made = await app.request('POST', '/readings', {
      body: { title: firstTitle, code: 'R-1', branch_id: branchId, seats: 40 },
    });
    expect(made.status).toBe(201);
    const read = await graphql('{ readings { nodes { title kind seats branch { name } } } }');
    const form = await app.request('GET', '/meta/forms/readings');
    const done = performance.now();
    const record = { title: firstTitle, kind: 'public', seats: 40, branch: { name: 'Harbour' } };
    expect(read).toEqual({ data: { readings: { nodes: [record] } } });
    expect(form.body['data']?.['schema']).toMatchObject({ required: expect.arrayContaining(['title']) });
    const [change, whole] = [applied - began, done - began].map((ms) => Math.round(ms));
    process.stdout.write(
      `  an entity from the request to its first record everywhere: ${whole} ms (${change} ms for the change)\n`,
    );
  });

  test('says what it serves in the version of every answer', async () => {
    expect(await meta.current()).toBe(app.parts.registry.current().number);
    expect(app.parts.registry.current().number).toBe(2);
  });

  test('holds to its validation, its types and its unique code, over REST and GraphQL', async () => {
    const many = { title: 'Too many', seats: 1, guests: 2 };
    const refused = await app.request('POST', '/readings', { body: many });
    expect([refused.status, pointersOf(refused.body)]).toEqual([422, ['/guests']]);
    const graph = await graphql('mutation { createReading(input: { title: "Too many", seats: 1, guests: 2 }) { id } }');
    expect(graph['errors']?.[0]?.['extensions']).toMatchObject({ code: 'validation_failed' });
    const twin = await app.request('POST', '/readings', { body: { title: 'Twin', code: 'R-1' } });
    expect(twin.status).toBe(409);
    const negative = await app.request('POST', '/readings', { body: { title: 'Negative', seats: -1, kind: 'secret' } });
    expect([negative.status, pointersOf(negative.body).sort()]).toEqual([422, ['/kind', '/seats']]);
  });

  test('is related both ways, and its branch is kept from being deleted', async () => {
    const forth = await app.request('GET', '/readings?include=branch');
    expect(forth.body['data']).toMatchObject([{ title: firstTitle, branch: { name: 'Harbour' } }]);
    const back = await app.request('GET', `/branches/${branchId}?include=readings`);
    expect(back.body['data']?.['readings']?.['data']).toMatchObject([{ title: firstTitle }]);
    expect((await app.request('DELETE', `/branches/${branchId}`)).status).toBe(409);
  });

  test('is in the OpenAPI document, in /meta and in the form with its layout', async () => {
    const openapi = (await app.request('GET', '/openapi.json')).body;
    expect(Object.keys(openapi['paths'] ?? {}).filter((path) => /\/readings(\/|$)/.test(path)).length).toBeGreaterThan(3);
    const described = (await app.request('GET', '/meta')).body['data']?.['entities']?.['readings'];
    expect(described).toMatchObject({ singular: 'reading', fields: expect.anything() });
    const { schema, uiSchema } = recordOf(await app.request('GET', '/meta/forms/readings'));
    expect(Object.keys((schema as { properties: object }).properties)).toEqual(
      expect.arrayContaining(['title', 'branch_id', 'seats']),
    );
    expect(JSON.stringify(uiSchema)).toContain('The reading');
  });

  test('is found by search', async () => {
    const found = await app.request('GET', '/search?q=poems');
    expect(found.body['data']).toMatchObject([{ entity: 'readings', display_name: firstTitle }]);
  });

  test('is imported and exported', async () => {
    const mapping = encodeURIComponent(
      JSON.stringify({ upsertOn: 'code', fields: { code: { column: 'code' }, title: { column: 'title' } } }),
    );
    const queued = await app.request('POST', `/readings/import?mapping=${mapping}`, {
      body: 'code,title\nI-1,Imported one\nI-2,Imported two\n',
      headers: { 'Content-Type': 'text/csv' },
    });
    expect([queued.status, queued.body['errors']]).toEqual([202, undefined]);
    const path = `/imports/${queued.body['data']?.['id']}`;
    await until(async () => (await app.request('GET', path)).body['data']?.['status'] === 'completed', 'the import');
    const file = await app.request('GET', '/readings/export?fields=code,title&code[startsWith]=I-&sort=code');
    expect(file.body).toBe('code,title\nI-1,Imported one\nI-2,Imported two\n');
  });

  test('is audited and has a timeline, under its own name', async () => {
    const [first] = recordsOf(await app.request('GET', '/readings?code[eq]=R-1'));
    const id = String(first?.['id']);
    expect((await app.request('PATCH', `/readings/${id}`, { body: { seats: 50 } })).status).toBe(200);
    const audit = await app.request('GET', `/auditlog?record_type[eq]=readings&record_id[eq]=${id}&sort=id`);
    expect(recordsOf(audit).map((entry) => String(entry['operation']))).toEqual(['create', 'update']);
    const timeline = await app.request('GET', `/readings/${id}?include=timeline`);
    expect(timeline.status).toBe(200);
    expect(timeline.body['data']?.['timeline']?.['data']).not.toHaveLength(0);
  });

  test('is closed to a role until the role is given rights, which then act at once', async () => {
    const user = { email: 'lib@example.com', password: 'a password for the library', first_name: 'L', last_name: 'B' };
    expect((await app.request('POST', '/users', { body: { ...user, roles: ['librarian'] } })).status).toBe(201);
    const token = await signIn(app.base, user.email, user.password);
    expect((await app.request('GET', '/readings', { token })).status).toBe(404);
    await meta.applied({ op: 'setRole', name: 'librarian', set: { entities: { readings: { read: 'all', create: true } } } });
    expect((await app.request('GET', '/readings', { token })).status).toBe(200);
    expect((await app.request('POST', '/readings', { body: { title: 'By the librarian' }, token })).status).toBe(201);
    const [first] = recordsOf(await app.request('GET', '/readings?code[eq]=R-1'));
    expect((await app.request('DELETE', `/readings/${first?.['id']}`, { token })).status).toBe(403);
  });

  test('starts workflows that were made at run time', async () => {
    await meta.applied({
      op: 'setWorkflow',
      workflow: {
        name: 'note_large_readings',
        label: text('Note large readings'),
        entity: 'readings',
        status: 'active',
        trigger: { type: 'record.created', when: { fact: 'seats', operator: 'greaterThan', value: 100 } },
        rules: [
          {
            name: 'always',
            conditions: { all: [{ fact: 'seats', operator: 'greaterThan', value: 100 }] },
            event: { type: 'score.add', params: { points: 1, reason: 'large' } },
          },
        ],
        steps: [{ id: 'note', type: 'record.update', set: { notes: 'Large' } }],
      },
    });
    const { id } = recordOf(await app.request('POST', '/readings', { body: { title: 'Large', seats: 500 } })) as never as {
      id: string;
    };
    const notes = async () => (await app.request('GET', `/readings/${id}`)).body['data']?.['notes'];
    await until(async () => (await notes()) === 'Large', 'the workflow to write its note');
  });

  test('is shown in a list view of its own', async () => {
    const view = {
      name: 'readings_all',
      label: text('All readings'),
      entity: 'readings',
      type: 'list',
      columns: ['title', 'seats'],
    };
    await meta.applied({ op: 'setView', view });
    const described = (await app.request('GET', '/meta')).body['data'];
    expect(JSON.stringify(described?.['views'] ?? described)).toContain('readings_all');
  });
});
