// The worker: what a workflow does to records, once, in order, and what becomes of events that fail.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { automationCatalogue } from '../../server/automation/catalogue.ts';
import type { Step } from '../../server/automation/steps.ts';
import type { Automation } from '../../server/automation/worker.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import type { WorkflowMetadata } from '../../server/metadata/types.ts';
import { problem } from '../../server/problem.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { eventsOf, record, runsOf, timelineOf, withWorkflows, worker, workflow } from './workflow-app.ts';

const always = { fact: 'last_name', operator: 'isEmpty', value: false } as const;
const scored = (points: number): WorkflowMetadata['rules'][number] => ({
  name: 'always',
  conditions: always,
  event: { type: 'score.add', params: { points, reason: 'because' } },
});
const setScore = { id: 'save', type: 'record.update', set: { score: { var: 'score.total' } } } as const;

describe('the worker', () => {
  let app: TestApp;
  let running: Automation | undefined;
  const start = async (
    ...args: Parameters<typeof worker> extends [unknown, ...infer Rest] ? Rest : never
  ): Promise<Automation> => {
    running = await worker(app, ...args);
    return running;
  };
  const lead = async (input: Readonly<Record<string, unknown>> = {}, registry: Registry = app.registry): Promise<string> =>
    (await app.repository.create(app.context({ registry }), 'leads', { last_name: 'Lovelace', company: 'Engines', ...input })).id;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await app.knex.withSchema('crm_core').from('crm_outbox').update({ processed_at: app.knex.fn.now() });
  });
  afterAll(() => app.stop());

  test('runs the steps once, in the name of the system, and keeps what it did', async () => {
    const registry = withWorkflows(app.registry, workflow({ rules: [scored(7)], steps: [setScore] }));
    const automation = await start(registry);
    const id = await lead();
    await automation.idle();
    expect(await record(app, 'leads', id)).toMatchObject({ score: 7, version: 2 });
    const [run, ...others] = await runsOf(app, id);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ workflow_id: 'wf_test', status: 'completed', error: null });
    expect(run?.steps).toEqual([{ id: 'save', type: 'record.update', status: 'done', changed: true, version: 2 }]);
    expect(run?.matched).toMatchObject([{ rule: 'always', event: 'score.add', why: { result: true } }]);
    expect((await eventsOf(app, id)).map(({ operation, depth, error }) => [operation, depth, error])).toEqual([
      ['create', 0, null],
      ['update', 1, null],
    ]);
    expect((await eventsOf(app, id)).every((event) => event.processed_at !== null)).toBe(true);
  });

  test('is not set off by its own change, but by one of a field it watches', async () => {
    const counting: WorkflowMetadata = workflow({
      id: 'wf_count',
      rules: [scored(1)],
      steps: [{ id: 'count', type: 'test.count' }],
    });
    const count: Step = {
      name: 'test.count',
      settings: { type: 'object' },
      writes: (_settings, entity) => [{ entity, field: 'score' }],
      run: async ({ context, repository, event }) => {
        const score = Number(event.after?.['score'] ?? 0) + 1;
        const written = await repository.update(context, event.entity, event.recordId, { score });
        return { status: 'done', changed: written.changed, version: written.version };
      },
    };
    const catalogue = automationCatalogue({ steps: [count] });
    const echo = await start(withWorkflows(app.registry, counting), { catalogue });
    const quiet = await lead();
    await echo.idle();
    expect(await record(app, 'leads', quiet)).toMatchObject({ score: 1 });
    await echo.stop();

    const watching = {
      ...counting,
      trigger: { type: 'record.saved', watchFields: ['score'] },
      guards: { maxChainDepth: 3 },
    } as const;
    const loop = await start(withWorkflows(app.registry, watching), { catalogue });
    const endless = await lead();
    await loop.idle();
    expect(await record(app, 'leads', endless)).toMatchObject({ score: 3 });
    const runs = await runsOf(app, endless);
    expect(runs.map((run) => run.status)).toEqual(['completed', 'completed', 'completed', 'stopped']);
    expect(runs.at(-1)?.error).toBe('Stopped: 3 workflows have set each other off; guards.maxChainDepth allows 3.');
  });

  test('starts only for its operation, sources, watched fields and condition', async () => {
    const says = (id: string, trigger: WorkflowMetadata['trigger']): WorkflowMetadata =>
      workflow({ id, trigger, steps: [{ id: 'say', type: 'timeline.add', kind: 'automation', summary: { en: id } }] });
    const registry = withWorkflows(
      app.registry,
      says('on_create', { type: 'record.created' }),
      says('on_update', { type: 'record.updated' }),
      says('on_delete', { type: 'record.deleted' }),
      says('on_restore', { type: 'record.restored' }),
      says('imported', { type: 'record.saved', sources: ['import'] }),
      says('company', { type: 'record.updated', watchFields: ['company'] }),
      says('german', { type: 'record.saved', when: { fact: 'country', operator: 'equal', value: 'DE' } }),
      says('disabled', { type: 'record.saved' }),
    );
    const { workflows } = registry;
    const automation = await start({
      ...registry,
      workflows: workflows.map((each) => (each.id === 'disabled' ? { ...each, status: 'disabled' as const } : each)),
    });
    const id = await lead({ country: 'FR' });
    await app.repository.update(app.context({ source: 'import' }), 'leads', id, { first_name: 'Ada' });
    await app.repository.update(app.context(), 'leads', id, { company: 'Other', country: 'DE' });
    await app.repository.remove(app.context(), 'leads', id);
    await app.repository.restore(app.context(), 'leads', id);
    await automation.idle();
    const said = (await runsOf(app, id)).map((run) => run.workflow_id);
    expect(said.slice(0, 3)).toEqual(['on_create', 'on_update', 'imported'].sort((a, b) => said.indexOf(a) - said.indexOf(b)));
    expect(said.slice(3).sort()).toEqual(['company', 'german', 'on_delete', 'on_restore', 'on_update']);
  });

  test('knows previous values, related records and to-many relations, and fills texts', async () => {
    const { id: accountId } = await app.repository.create(app.context(), 'accounts', { name: 'Nordlicht' });
    const contact = { last_name: 'Lindner', account_id: accountId };
    const { id } = await app.repository.create(app.context(), 'contacts', contact);
    await app.repository.create(app.context(), 'opportunities', {
      name: 'Pumps',
      account_id: accountId,
      stage: 'qualification',
      close_date: '2027-01-01',
    });
    await app.knex.withSchema('crm_core').from('crm_outbox').update({ processed_at: app.knex.fn.now() });
    const registry = withWorkflows(
      app.registry,
      workflow({
        entity: 'contacts',
        trigger: {
          type: 'record.updated',
          when: {
            all: [
              { fact: 'account.name', operator: 'startsWith', value: 'Nord' },
              { fact: 'previous.first_name', operator: 'isEmpty' },
              { not: { some: { relation: 'campaign_memberships' } } },
            ],
          },
        },
        rules: [{ name: 'known', conditions: always, event: { type: 'score.add', params: { points: 2, reason: 'known' } } }],
        steps: [
          {
            id: 'tell',
            type: 'timeline.add',
            when: { fact: 'score.total', operator: 'greaterThan', value: 1 },
            kind: 'automation',
            summary: {
              ar: 'س {{score.total}}',
              en: '{{record.first_name}} of {{record.account.name}}: {{score.reasons}}{{nothing.here}}',
            },
          },
          {
            id: 'never',
            type: 'timeline.add',
            when: { fact: 'score.total', operator: 'lessThan', value: 1 },
            kind: 'automation',
            summary: { en: 'x' },
          },
        ],
      }),
    );
    const automation = await start(registry);
    await app.repository.update(app.context(), 'contacts', id, { first_name: 'Anna' });
    await app.repository.update(app.context(), 'contacts', id, { first_name: 'Annie' });
    await automation.idle();
    expect(await timelineOf(app, id)).toEqual(['created', 'updated', 'updated', 'Anna of Nordlicht: known']);
    expect((await runsOf(app, id)).map((run) => run.steps.map((step) => step['id']))).toEqual([['tell']]);
  });

  test('does nothing to a record that has gone in the meantime', async () => {
    const id = await lead();
    await app.repository.remove(app.context(), 'leads', id);
    const automation = await start(
      withWorkflows(app.registry, workflow({ trigger: { type: 'record.created' }, rules: [scored(1)], steps: [setScore] })),
    );
    await automation.idle();
    expect((await runsOf(app, id)).map((run) => run.steps)).toEqual([
      [{ id: 'save', type: 'record.update', status: 'skipped', reason: 'The record is gone.' }],
    ]);
  });

  test('acts with the rights of whoever made the change unless it runs as the system', async () => {
    const { runAs: _system, ...own } = workflow({ rules: [scored(3)], steps: [setScore] });
    const actor = { ...app.context().actor, name: 'Somebody' };
    const asked: string[] = [];
    const automation = await start(withWorkflows(app.registry, own), {
      actorById: async (_registry, id) => {
        asked.push(id);
        return id === app.adminId ? actor : undefined;
      },
    });
    const id = await lead();
    await automation.idle();
    expect(await record(app, 'leads', id)).toMatchObject({ score: 3, updated_by: app.adminId });
    expect(new Set(asked)).toEqual(new Set([app.adminId]));

    const stranger = await app.repository.create(
      app.context({ actor: { ...actor, id: '018f0000-0000-7000-8000-000000000001', roles: [] } }),
      'leads',
      { last_name: 'Nobody', company: 'None', owner_id: app.adminId },
    );
    await automation.idle();
    expect(await runsOf(app, stranger.id)).toMatchObject([
      { status: 'failed', error: 'The user who made the change no longer has access.' },
    ]);
    expect(await eventsOf(app, stranger.id)).toMatchObject([
      { attempts: 1, error: 'The user who made the change no longer has access.' },
    ]);
  });

  test('a refused step undoes the whole run, is not tried again, and holds no other workflow up', async () => {
    const registry = withWorkflows(
      app.registry,
      workflow({
        id: 'wf_bad',
        steps: [
          { id: 'tell', type: 'timeline.add', kind: 'automation', summary: { en: 'undone' } },
          { id: 'set', type: 'record.update', set: { email: 'not an address' } },
        ],
      }),
      workflow({ id: 'wf_good', rules: [scored(5)], steps: [setScore] }),
    );
    const automation = await start(registry);
    const id = await lead();
    await automation.idle();
    expect(await record(app, 'leads', id)).toMatchObject({ score: 5, email: null });
    expect(await timelineOf(app, id)).toEqual(['created', 'updated']);
    const failed = (await runsOf(app, id)).filter((run) => run.status === 'failed');
    expect(failed.map((run) => run.workflow_id)).toContain('wf_bad');
    expect(await eventsOf(app, id)).toMatchObject([{ operation: 'create', attempts: 1 }, { operation: 'update' }]);
  });

  test('a fault is tried again after a pause, keeps later events of its record waiting, and is given up in the end', async () => {
    let faults = 2;
    const order: string[] = [];
    const shaky: Step = {
      name: 'test.shaky',
      settings: { type: 'object' },
      writes: () => [],
      run: async ({ event }) => {
        order.push(`${event.operation} ${event.attempts}`);
        if (event.operation === 'create' && faults-- > 0) throw new Error('the network is down');
        return { status: 'done' };
      },
    };
    const registry = withWorkflows(app.registry, workflow({ steps: [{ id: 'shaky', type: 'test.shaky' }] }));
    const options = { catalogue: automationCatalogue({ steps: [shaky] }), backoffSeconds: 0.05, pollMs: 20, maxAttempts: 3 };
    const automation = await start(registry, options);
    const id = await lead();
    await app.repository.update(app.context(), 'leads', id, { first_name: 'Ada' });
    await until(async () => (await eventsOf(app, id)).every((event) => event.processed_at !== null));
    expect(order).toEqual(['create 1', 'create 2', 'create 3', 'update 1']);
    expect((await runsOf(app, id)).map((run) => run.status)).toEqual(['completed', 'completed']);

    faults = 99;
    const hopeless = await lead();
    await until(async () => (await eventsOf(app, hopeless)).every((event) => event.processed_at !== null));
    expect(await eventsOf(app, hopeless)).toMatchObject([
      { attempts: 3, error: 'Given up after 3 attempts: the network is down' },
    ]);
    expect(await runsOf(app, hopeless)).toMatchObject([{ status: 'failed', error: 'the network is down' }]);
    await automation.stop();
  });

  test('an event that ended all its workers is given up without being run', async () => {
    const id = await lead();
    await app.knex.withSchema('crm_core').from('crm_outbox').where({ record_id: id }).update({ attempts: 5 });
    const automation = await start(withWorkflows(app.registry, workflow({ rules: [scored(1)], steps: [setScore] })));
    await automation.idle();
    expect(await eventsOf(app, id)).toMatchObject([{ attempts: 6, error: 'Given up: 5 attempts ended with their worker.' }]);
    expect(await runsOf(app, id)).toEqual([]);
  });

  test('a rule that cannot be read does not stop the others, and the run says so', async () => {
    const broken = {
      ...scored(100),
      name: 'broken',
      conditions: { all: [null] },
    } as unknown as WorkflowMetadata['rules'][number];
    const automation = await start(withWorkflows(app.registry, workflow({ rules: [broken, scored(4)], steps: [setScore] })));
    const id = await lead();
    await automation.idle();
    expect(await record(app, 'leads', id)).toMatchObject({ score: 4 });
    expect((await runsOf(app, id))[0]?.error).toMatch(/^Rule broken failed: /);
  });

  test('a stop finishes what has begun and gives the rest back uncounted', async () => {
    let release: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      release = resolve;
    });
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const slow: Step = {
      name: 'test.slow',
      settings: { type: 'object' },
      writes: () => [],
      run: async () => {
        release();
        await gate;
        return { status: 'done' };
      },
    };
    const first = await lead();
    const second = await lead();
    const automation = await start(withWorkflows(app.registry, workflow({ steps: [{ id: 'slow', type: 'test.slow' }] })), {
      catalogue: automationCatalogue({ steps: [slow] }),
      concurrency: 1,
    });
    await begun;
    const stopped = automation.stop();
    go();
    await stopped;
    running = undefined;
    expect(await eventsOf(app, first)).toMatchObject([{ attempts: 1, processed_at: expect.any(String) }]);
    expect(await eventsOf(app, second)).toMatchObject([{ attempts: 0, processed_at: null }]);
    await automation.idle();
  });

  test('a step that the catalogue does not have fails the run', async () => {
    const automation = await start(withWorkflows(app.registry, workflow({ steps: [{ id: 'x', type: 'no.such' }] })), {
      maxAttempts: 1,
    });
    const id = await lead();
    await automation.idle();
    expect(await runsOf(app, id)).toMatchObject([{ status: 'failed', error: 'There is no step "no.such".' }]);
    expect(problem('internal').status).toBe(500);
  });
});

/** Looks again until it holds; the test's own time limit ends it otherwise. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
