// A node that follows: every publication is served, mirrored and told of; what it cannot serve it refuses and says why.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { liveNodes } from '../../server/versions/acknowledged.ts';
import { applyVersion } from '../../server/versions/apply-version.ts';
import { withSession } from '../../server/versions/session.ts';
import { until } from '../process/program.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { changedRegistry } from '../support/changed-registry.ts';
import { type DeafProxy, deafProxy } from '../support/deaf-proxy.ts';
import { type LiveNode, liveNode } from '../support/live-node.ts';
import { libraryRegistry } from '../support/registry.ts';

let app: TestApp;
let other: LiveNode;
let wire: DeafProxy;
beforeAll(async () => {
  app = await startTestApp({ registry: await libraryRegistry(), live: true });
  wire = await deafProxy(app.parts.database.url);
  other = await liveNode(app, { url: wire.url });
});
afterAll(async () => {
  await other.stop();
  await wire.close();
  await app.stop();
});

const health = async (node: Pick<LiveNode, 'request'>) => (await node.request('GET', '//health/ready')).body;
const colour = (name: string) => ({ id: `fld_branches_${name}`, type: 'color', label: { en: name, ar: name } });

/** Publishes the library with one more field on branches, as any process may. */
async function publishField(name: string): Promise<number> {
  const wanted = await changedRegistry(app.parts.registry.current(), /branches\.entity\.json$/, (branches) => {
    branches.fields[name] = colour(name);
  });
  const { done } = await applyVersion(app.parts.versions, { wanted, kind: 'change', author: null, reason: null });
  return (await done).number;
}

describe('a node', () => {
  test('serves what is published from the start, and tells which version and publication that is', async () => {
    const { metadata, migrations } = await health(app);
    const { version } = app.parts.registry.current();
    expect(metadata).toEqual({ ok: true, version, number: 1, serial: expect.any(Number), newest: metadata?.['serial'] });
    expect(migrations).toEqual({ ok: true, version: 1, pending: 0 });
  });

  test('counts among those that a change waits for, as long as it serves', async () => {
    const alive = () => withSession(app.knex, (session) => liveNodes(session, app.registry.app));
    expect(await alive()).toHaveLength(2);
    const third = await liveNode(app);
    expect(await alive()).toHaveLength(3);
    await third.stop();
    expect(await alive()).toHaveLength(2);
  });

  test('serves a publication on all nodes when the change is done, also where the word of it was lost', async () => {
    const number = await publishField('shade');
    expect((await other.request('POST', '/branches', { body: { name: 'Harbour', shade: '#ff0000' } })).status).toBe(201);
    for (const node of [app, other]) {
      const list = await node.request('GET', '/branches?shade[eq]=%23ff0000');
      expect([list.status, list.headers.get('x-metadata-version')]).toEqual([200, String(number)]);
      expect(list.body['data']).toHaveLength(1);
      const graph = await node.request('POST', '/graphql', { body: { query: '{ branches { nodes { shade } } }' } });
      expect(graph.body).toEqual({ data: { branches: { nodes: [{ shade: '#ff0000' }] } } });
    }
    await until(() => wire.lost() > 0, 'a notification to be lost');
  });

  test.each([
    ['nobody signed in', 'GET', '/books', { token: null }, 401],
    ['nothing there', 'GET', '/nothing_there', {}, 404],
    ['a parameter that there is not', 'GET', '/books?colour[eq]=1', {}, 400],
    ['a method that there is not', 'PATCH', '/search', { body: {} }, 405],
    ['a bad password', 'POST', '/auth/login', { body: { email: 'a@example.com', password: 'x' }, token: null }, 401],
    ['no JSON', 'POST', '/branches', { body: '{', headers: { 'Content-Type': 'application/json' } }, 400],
  ])('tells the version with every answer: %s', async (_what, method, path, options, status) => {
    const answer = await app.request(method, path, options);
    expect([answer.status, answer.headers.get('x-metadata-version')]).toEqual([
      status,
      String(app.parts.registry.current().number),
    ]);
  });

  test('that cannot serve the newest publication goes on with the one before, and is not ready', async () => {
    const { check, ...services } = app.parts.versions;
    expect(check).toBeDefined();
    const wanted = await changedRegistry(app.parts.registry.current(), /loan_urgency\.workflow\.json$/, (workflow) => {
      workflow.steps[0] = { id: 'save_urgency', type: 'record.juggle' };
      workflow.tests = [];
    });
    const before = app.parts.registry.current();
    const request = { wanted, kind: 'change', author: null, reason: null } as const;
    await applyVersion({ ...services, timing: { acknowledgeMs: 100 } }, request);
    await until(async () => (await app.request('GET', '//health/ready')).status === 503, 'the node to refuse it');
    const { metadata } = await health(app);
    expect(metadata).toMatchObject({ ok: false, number: before.number, reason: expect.stringContaining('record.juggle') });
    expect(metadata?.['newest']).toBeGreaterThan(Number(metadata?.['serial']));
    expect((await app.request('GET', '/branches')).headers.get('x-metadata-version')).toBe(String(before.number));
  });
});
