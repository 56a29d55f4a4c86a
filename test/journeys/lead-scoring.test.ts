// A lead comes in over HTTP; a moment later it has its score, the reasons, and a line in its timeline.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Automation } from '../../server/automation/worker.ts';
import { worker } from '../automation/workflow-app.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

describe('lead scoring', () => {
  let app: TestApp;
  let automation: Automation;
  beforeAll(async () => {
    app = await startTestApp();
    automation = await worker(app, app.registry);
  });
  afterAll(async () => {
    await automation.stop();
    await app.stop();
  });

  test('scores a new lead, tells why, and scores it again when what counts changes', async () => {
    const body = { last_name: 'Lovelace', company: 'Acme', company_size: 800, source: 'demo_form', email: 'ada@acme.example' };
    const made = await app.request('POST', '/leads', { body });
    expect(made.status).toBe(201);
    const id = made.body['data']?.['id'];
    await automation.idle();
    const scored = await app.request('GET', `/leads/${id}?include=timeline`);
    expect(scored.body['data']).toMatchObject({
      score: 70,
      score_reasons: ['500 employees or more', 'asked for a demo or was referred'],
    });
    const lines = JSON.stringify(scored.body['data']?.['timeline']);
    expect(lines).toContain('Scored: 70 points');
    expect(lines).toContain('احتُسبت الدرجة: 70 نقطة');

    await app.request('PATCH', `/leads/${id}`, { body: { source: 'event', country: 'SA' } });
    await automation.idle();
    expect((await app.request('GET', `/leads/${id}`)).body['data']).toMatchObject({ score: 60 });

    const before = (await app.request('GET', `/leads/${id}`)).body['data']?.['version'];
    await app.request('PATCH', `/leads/${id}`, { body: { job_title: 'Countess' } });
    await automation.idle();
    expect((await app.request('GET', `/leads/${id}`)).body['data']?.['version']).toBe(Number(before) + 1);
  });

  test('hears of a new lead by itself', async () => {
    const made = await app.request('POST', '/leads', { body: { last_name: 'Hopper', company: 'Navy', source: 'referral' } });
    const id = made.body['data']?.['id'];
    let score: unknown = 0;
    while (score === 0) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      score = (await app.request('GET', `/leads/${id}`)).body['data']?.['score'];
    }
    expect(score).toBe(30);
  });
});
