// A worker that is killed in the middle of a run: the effects happen once, by whoever takes over.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { automationCatalogue } from '../../server/automation/catalogue.ts';
import { claimEvents } from '../../server/automation/claim.ts';
import type { Step } from '../../server/automation/steps.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { runSource } from '../support/processes.ts';
import { eventsOf, record, runsOf, timelineOf, withWorkflows, worker, workflow } from './workflow-app.ts';

const hanging = workflow({
  trigger: { type: 'record.created' },
  rules: [
    {
      name: 'always',
      conditions: { fact: 'company', operator: 'isEmpty', value: false },
      event: { type: 'score.add', params: { points: 9, reason: 'is there' } },
    },
  ],
  steps: [
    { id: 'save', type: 'record.update', set: { score: { var: 'score.total' } } },
    { id: 'tell', type: 'timeline.add', kind: 'automation', summary: { en: 'Scored' } },
    { id: 'hang', type: 'test.hang' },
  ],
});
const pass: Step = { name: 'test.hang', settings: { type: 'object' }, writes: () => [], run: async () => ({ status: 'done' }) };
const catalogue = automationCatalogue({ steps: [pass] });

describe('a worker that is killed', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.stop());

  test('leaves nothing half done, and the next one does it once', async () => {
    const source = fileURLToPath(new URL('./mortal-worker.ts', import.meta.url));
    const victim = runSource(source, { args: [app.parts.database.url, JSON.stringify(hanging)] });
    const { id } = await app.repository.create(app.context(), 'leads', { last_name: 'Lovelace', company: 'Engines' });
    expect(await victim.line()).toBe('1');
    await victim.end('SIGKILL');
    expect(await record(app, 'leads', id)).toMatchObject({ score: 0, version: 1 });

    const heir = await worker(app, withWorkflows(app.registry, hanging), { catalogue, pollMs: 50, leaseSeconds: 1 });
    while ((await eventsOf(app, id)).some((event) => event.processed_at === null)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await heir.stop();
    expect(await record(app, 'leads', id)).toMatchObject({ score: 9, version: 2 });
    expect((await timelineOf(app, id)).filter((text) => text === 'Scored')).toHaveLength(1);
    expect(await runsOf(app, id)).toMatchObject([{ status: 'completed' }]);
    expect((await eventsOf(app, id))[0]).toMatchObject({ operation: 'create', attempts: 2 });
  });

  test('does not repeat what it had committed when only the mark on the event is missing', async () => {
    const registry = withWorkflows(app.registry, hanging);
    const { id } = await app.repository.create(app.context(), 'leads', { last_name: 'Hopper', company: 'Navy' });
    const first = await worker(app, registry, { catalogue });
    await first.idle();
    await first.stop();
    await app.knex
      .withSchema('crm_core')
      .from('crm_outbox')
      .where({ record_id: id, operation: 'create' })
      .update({ processed_at: null, available_at: app.knex.fn.now() });
    const second = await worker(app, registry, { catalogue });
    await second.idle();
    await second.stop();
    expect((await eventsOf(app, id))[0]).toMatchObject({ attempts: 2, processed_at: expect.any(String) });
    expect((await timelineOf(app, id)).filter((text) => text === 'Scored')).toHaveLength(1);
    expect(await runsOf(app, id)).toHaveLength(1);
  });
});

describe('claims', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.stop());

  test('two workers never hold the same event, and an event waits for the earlier ones of its record', async () => {
    const { app: meta } = app.registry;
    await app.knex.withSchema('crm_core').from('crm_outbox').update({ processed_at: app.knex.fn.now() });
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const { id } = await app.repository.create(app.context(), 'leads', { last_name: name, company: 'x' });
      await app.repository.update(app.context(), 'leads', id, { first_name: 'changed' });
      ids.push(id);
    }
    const claims = await Promise.all(
      [1, 2, 3].map(() => claimEvents(app.knex, meta, { limit: 2, leaseSeconds: 60, which: 'fresh' })),
    );
    const claimed = claims.flat();
    expect(new Set(claimed.map((event) => event.id)).size).toBe(claimed.length);
    expect(claimed.every((event) => event.operation === 'create')).toBe(true);
    const rest = await claimEvents(app.knex, meta, { limit: 50, leaseSeconds: 60, which: 'fresh' });
    expect([...claimed, ...rest].map((event) => event.recordId).sort()).toEqual([...ids].sort());
    expect(await claimEvents(app.knex, meta, { limit: 50, leaseSeconds: 60, which: 'again' })).toEqual([]);
  });
});
