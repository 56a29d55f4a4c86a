// Two nodes on one database: what one changes the other serves, whatever became of the message; no request fails on the way.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type DeafProxy, deafProxy } from '../support/deaf-proxy.ts';
import { type LiveNode, liveNode } from '../support/live-node.ts';
import { libraryRegistry } from '../support/registry.ts';
import { readings, text } from './support/changes.ts';
import { metadataApi, recordOf } from './support/metadata-api.ts';

let app: TestApp;
let other: LiveNode;
beforeAll(async () => {
  app = await startTestApp({ registry: await libraryRegistry(), live: true });
  other = await liveNode(app);
});
afterAll(async () => {
  await other.stop();
  await app.stop();
});

const field = (name: string) => ({ op: 'addField', entity: 'branches', field: { name, type: 'text', label: text(name) } });

describe('a change on one node', () => {
  let deaf: LiveNode;
  let wire: DeafProxy;
  beforeAll(async () => {
    wire = await deafProxy(app.parts.database.url);
    deaf = await liveNode(app, { url: wire.url });
  });
  afterAll(async () => {
    await deaf.stop();
    await wire.close();
  });

  test('is live on all of them when it is answered, also where the notification was lost', async () => {
    const began = performance.now();
    const number = await metadataApi(other).applied(field('motto'));
    process.stdout.write(
      `  one change on three nodes, one of which hears nothing: ${Math.round(performance.now() - began)} ms\n`,
    );
    for (const [at, node] of [app, other, deaf].entries()) {
      const made = await node.request('POST', '/branches', { body: { name: `Branch ${at}`, motto: 'x' } });
      expect([made.status, made.headers.get('x-metadata-version')]).toEqual([201, String(number)]);
    }
    expect(wire.lost()).toBeGreaterThan(0);
  });

  test('and one on each at the same time: one wins, the other is told to come again', async () => {
    const answers = await Promise.all([app, other].map((node, at) => metadataApi(node).apply([field(`at_once_${at}`)])));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const lost = answers.find(({ status }) => status === 409);
    expect(Number(lost?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('may be planned on one and applied on the other, but not over a newer version', async () => {
    const plan = recordOf(await metadataApi(app).plan(field('planned')));
    const applied = await metadataApi(other).apply([field('planned')], { base_version: plan['base_version'] });
    expect(applied.status).toBe(200);
    const stale = await metadataApi(deaf).apply([field('stale')], { base_version: plan['base_version'] });
    expect([stale.status, stale.body['current']]).toEqual([409, recordOf(applied)['version']]);
  });
});

describe('a node whose metadata are older than the tables', () => {
  test('loads the newest when its SQL fails on them, and runs the request again', async () => {
    await metadataApi(app).applied(readings);
    const late = await liveNode(app, { follows: false });
    try {
      const before = late.parts.registry.current().number;
      await metadataApi(app).applied({ op: 'renameField', entity: 'readings', name: 'notes', to: 'remarks' });
      expect(late.parts.registry.current().number).toBe(before);
      const made = await late.request('POST', '/readings', { body: { title: 'Late', notes: 'Under the former name' } });
      expect([made.status, made.headers.get('x-metadata-version')]).toEqual([201, String(before + 1)]);
      await metadataApi(app).applied({ op: 'renameEntity', entity: 'readings', to: 'lectures', singular: 'lecture' });
      const list = await late.request('GET', '/readings?notes[contains]=former');
      expect([list.status, list.headers.get('x-metadata-version')]).toEqual([200, String(before + 2)]);
      await metadataApi(app).applied({ op: 'retireField', entity: 'lectures', name: 'remarks', cascade: true });
      const query = '{ lectures { nodes { title } } }';
      const graph = await late.request('POST', '/graphql', { body: { query } });
      expect(graph.body).toEqual({ data: { lectures: { nodes: [{ title: 'Late' }] } } });
    } finally {
      await late.stop();
    }
  });
});
