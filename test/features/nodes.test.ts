// Flags on several nodes: each hears of a change within a second, also where the message was lost; and so do workflows.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { WorkflowMetadata } from '../../server/metadata/types.ts';
import { runsOf, withWorkflows, worker, workflow } from '../automation/workflow-app.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type DeafProxy, deafProxy } from '../support/deaf-proxy.ts';
import { type LiveNode, liveNode } from '../support/live-node.ts';
import { eventually, type Flags, flagsOf, type Person, person } from './support.ts';

let app: TestApp;
let other: LiveNode;
let deaf: LiveNode;
let wire: DeafProxy;
let flags: Flags;
let rep: Person;

beforeAll(async () => {
  app = await startTestApp({ live: true });
  wire = await deafProxy(app.parts.database.url);
  other = await liveNode(app);
  deaf = await liveNode(app, { url: wire.url });
  flags = flagsOf(app);
  rep = await person(app, 'rep', 'sales_rep');
});
afterEach(() => flags.clear());
afterAll(async () => {
  await other.stop();
  await deaf.stop();
  await wire.close();
  await app.stop();
});

test('what one node switches is off, and on again, on all of them', async () => {
  const ask = (node: LiveNode | TestApp) => async () => (await node.request('GET', '/quotes?limit=1')).status;
  for (const [enabled, status] of [
    [false, 404],
    [true, 200],
  ] as const) {
    await flags.set('quotes', { enabled });
    const began = performance.now();
    // The node that wrote it has heard of it when it answers.
    expect(await ask(app)()).toBe(status);
    const answers = await Promise.all([other, deaf].map((node) => eventually(ask(node), (answer) => answer === status)));
    expect(answers).toEqual([status, status]);
    process.stdout.write(
      `  ${enabled ? 'on' : 'off'} on three nodes, one of which hears nothing: ${Math.round(performance.now() - began)} ms\n`,
    );
  }
  expect(wire.lost()).toBeGreaterThan(0);
});

test('a change made in the table itself is heard of, too', async () => {
  const id = await flags.set('quotes', {});
  await app.knex.raw('UPDATE crm_core.crm_feature_flags SET enabled = false WHERE id = ?', [id]);
  const ask = async () => (await other.request('GET', '/quotes')).status;
  expect(await eventually(ask, (status) => status === 404)).toBe(404);
});

test('metadata version tells the interface that its features are others', async () => {
  const mark = async (token?: string) =>
    (await app.request('GET', '/meta/served', token === undefined ? {} : { token })).body['data'] as unknown as {
      readonly metadata: number;
      readonly features: string;
    };
  const [admin, own] = [await mark(), await mark(rep.token)];
  await flags.set('quotes', { roles: ['admin'] });
  const changed = await eventually(
    () => mark(rep.token),
    ({ features }) => features !== own.features,
  );
  expect([changed.features === own.features, (await mark()).features, changed.metadata]).toEqual([
    ...[false, admin.features, own.metadata],
  ]);
});

test('an open page waits with one request, and is answered when something is other than it knows', async () => {
  const ask = (query: string) => app.request('GET', `/meta/served${query}`, { token: rep.token });
  const told = async (query: string) =>
    (await ask(query)).body['data'] as unknown as { readonly metadata: number; readonly features: string };
  const known = await told('');
  expect(await told('?features=other')).toEqual(known);
  expect(await told(`?features=${known.features}&metadata=${known.metadata + 1}`)).toEqual(known);
  let answered = false;
  const waiting = told(`?features=${known.features}&metadata=${known.metadata}`).finally(() => {
    answered = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(answered).toBe(false);
  await flags.set('tickets', { roles: ['admin'] });
  const now = await waiting;
  expect([now.metadata, now.features === known.features]).toEqual([known.metadata, false]);
  expect([(await ask('?colour=red')).status, (await ask('?colour=red')).body['code']]).toEqual([400, 'unknown_parameter']);
});

test('a workflow whose feature is off does not start, and its run says so', async () => {
  const marking = (over: Partial<WorkflowMetadata>): WorkflowMetadata =>
    workflow({ steps: [{ id: 'mark', type: 'record.update', set: { score: 7 } }], ...over });
  const registry = withWorkflows(app.registry, marking({}), marking({ id: 'wf_shared', name: 'shared', featureFlag: 'quotes' }));
  const isOn = async (_registry: unknown, feature: string, userId: string | null) =>
    !(feature === 'workflow_test' && userId === app.adminId);
  const running = await worker(app, registry, { isOn });
  const make = async (over: object): Promise<string> =>
    (await app.repository.create(app.context({ registry, ...over }), 'leads', { last_name: 'One', company: 'Two' })).id;
  const id = await make({});
  await running.idle();
  await running.stop();
  const runs = await runsOf(app, id);
  expect(runs.find(({ workflow_id }) => workflow_id === 'wf_test')).toMatchObject({
    ...{ status: 'stopped', error: 'The feature "workflow_test" is off.', steps: [] },
  });
  expect(runs.find(({ workflow_id }) => workflow_id === 'wf_shared')).toMatchObject({ status: 'completed' });
});
