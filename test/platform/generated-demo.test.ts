// The made-up demo: the same every time, held to the rules, with sums that agree and a past that leads up to its day.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { demoOf } from '../../plugins/crm-demo/index.ts';
import { packageRoot } from '../../server/package-root.ts';
import { loadDemo } from '../../server/platform/demo.ts';
import { loadBundles } from '../../server/platform/generated-demo.ts';
import type { DemoRequest } from '../../server/plugins/plugin.ts';
import { systemContext } from '../../server/repository/context.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const today = '2026-11-28';
const size = 50;
let app: TestApp;
let base: DemoRequest['base'];
let created: number;
const progress: number[] = [];

const context = () => systemContext(app.registry, 'demo', { actor: app.context().actor });
const company = (more: Partial<DemoRequest> = {}) => demoOf({ size, seed: 'formwork', today, base, ...more });
const table = (name: string): string => app.registry.entities.get(name)?.qualifiedTable ?? '';
const rows = async (sql: string): Promise<readonly Record<string, unknown>[]> =>
  (await app.knex.raw<{ rows: Record<string, unknown>[] }>(sql)).rows;
const count = async (name: string, where = 'true'): Promise<number> =>
  Number((await rows(`SELECT count(*) AS count FROM ${table(name)} WHERE ${where}`))[0]?.['count']);

beforeAll(async () => {
  app = await startTestApp();
  base = (await loadDemo(app.repository, context(), join(packageRoot(), 'metadata'))).base;
  created = await loadBundles(app.repository, context(), company(), { onProgress: (seen) => progress.push(seen) });
}, 300_000);
afterAll(() => app.stop());

describe('the made-up company', () => {
  test('has something for every list of the application, and tells how far it is', async () => {
    const empty: string[] = [];
    for (const { name, layer } of app.registry.entities.values())
      if (layer === 'application' && (await count(name)) === 0) empty.push(name);
    expect(empty).toEqual([]);
    expect(created).toBeGreaterThan(1500);
    expect(progress.at(-1)).toBe(created);
    expect(await count('accounts')).toBe(size);
  });

  test('is the same for the same seed and day, and another one for others', () => {
    const text = (more: Partial<DemoRequest> = {}): string => JSON.stringify([...company({ size: 5, ...more })]);
    expect(text()).toBe(text());
    expect(text({ seed: 'other' })).not.toBe(text());
    expect(text({ today: '2026-11-29' })).not.toBe(text());
    // A larger company begins with the smaller one.
    const [, first] = [...company({ size: 5 })];
    expect([...company({ size: 9 })][1]).toEqual(first);
  });

  test('made again adds nothing, not even what somebody has deleted', async () => {
    const [{ id }] = (await rows(`SELECT id FROM ${table('leads')} LIMIT 1`)) as [{ id: string }];
    await app.repository.remove(app.context(), 'leads', id);
    expect(await loadBundles(app.repository, context(), company())).toBe(0);
    expect(await count('leads', 'deleted_at IS NOT NULL')).toBe(1);
  });

  test('goes on where it was stopped', async () => {
    const stop = new AbortController();
    const other = () => company({ seed: 'another', size: 60 });
    const first = await loadBundles(app.repository, context(), other(), {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    // What the house has once is there already.
    const all = [...other()].slice(1).flat().length;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(all);
    expect(await loadBundles(app.repository, context(), other())).toBe(all - first);
  }, 300_000);

  test('has sums that agree: lines, documents, payments', async () => {
    const apart = async (entity: string, lines: string, key: string): Promise<number> =>
      count(
        entity,
        `${entity === 'opportunities' ? "record_type = 'sale' AND amount" : 'subtotal'} <>
         (SELECT coalesce(sum(line_total), 0) FROM ${table(lines)} l WHERE l.${key} = ${table(entity)}.id)`,
      );
    expect(await apart('opportunities', 'opportunity_lines', 'opportunity_id')).toBe(0);
    expect(await apart('quotes', 'quote_lines', 'quote_id')).toBe(0);
    expect(await apart('invoices', 'invoice_lines', 'invoice_id')).toBe(0);
    expect(await count('invoices', 'subtotal + tax_total <> total')).toBe(0);
    expect(await count('subscriptions', "(status IN ('active', 'past_due')) <> (mrr > 0)")).toBe(0);
    expect(await count('accounts', 'pipeline_value > 0')).toBeGreaterThan(0);
    const paid = `(SELECT coalesce(sum(amount), 0) FROM ${table('payments')} p WHERE p.invoice_id = ${table('invoices')}.id AND p.status = 'succeeded')`;
    expect(await count('invoices', `amount_paid <> ${paid} OR (status = 'paid') <> (amount_paid = total)`)).toBe(0);
    expect(await count('invoices', `status = 'overdue' AND due_date >= date '${today}'`)).toBe(0);
  });

  test('has a past of eighteen months and plans for the weeks to come, and nothing was made tomorrow', async () => {
    for (const name of ['accounts', 'opportunities', 'tickets', 'invoices', 'activities']) {
      expect([name, await count(name, `created_at >= timestamp '${today}'`)]).toEqual([name, 0]);
      expect([name, await count(name, `created_at < timestamp '${today}' - interval '10 months'`)]).not.toEqual([name, 0]);
    }
    const months = await rows(
      `SELECT DISTINCT to_char(close_date, 'YYYY-MM') FROM ${table('opportunities')} WHERE stage = 'closed_won'`,
    );
    expect(months.length).toBeGreaterThan(8);
    expect(await count('opportunities', `stage NOT LIKE 'closed%' AND close_date <= date '${today}'`)).toBe(0);
    expect(await count('activities', `status = 'planned' AND due_at > timestamp '${today}'`)).toBeGreaterThan(5);
    const stages = await rows(`SELECT DISTINCT stage FROM ${table('opportunities')} WHERE record_type = 'sale'`);
    expect(stages.length).toBeGreaterThan(6);
  });

  test('numbers its documents without gaps, writes its timeline, and is found by names in their own scripts', async () => {
    const [{ lowest, highest, many }] = (await rows(
      `SELECT min(number) AS lowest, max(number) AS highest, count(*)::int AS many FROM ${table('invoices')}`,
    )) as [{ lowest: string; highest: string; many: number }];
    expect([lowest, highest]).toEqual(['INV-000001', `INV-${String(many).padStart(6, '0')}`]);
    expect(await count('timeline', "parent_type = 'opportunities'")).toBe(await count('opportunities'));
    expect(await count('auditlog', "record_type = 'tickets' AND operation = 'create'")).toBe(await count('tickets'));
    for (const script of ['Arabic', 'Hebrew', 'Han']) {
      const names = (await rows(`SELECT name FROM ${table('accounts')}`)).map(({ name }) => String(name));
      const [name = ''] = names.filter((one) => new RegExp(`\\p{Script=${script}}`, 'u').test(one));
      expect([script, name]).not.toEqual([script, '']);
      const found = await app.request('GET', `/accounts?q=${encodeURIComponent(name)}`);
      expect((found.body['data'] as unknown as { name: string }[]).map((one) => one.name)).toContain(name);
    }
  });

  test('what does not pass the rules is named, and leaves nothing', async () => {
    const bundle = (values: Record<string, unknown>) => [
      [{ entity: 'accounts', id: '018f0000-0000-7000-8000-000000000001', at: '2026-01-01T08:00:00.000Z', values }],
    ];
    const load = (values: Record<string, unknown>) => loadBundles(app.repository, context(), bundle(values));
    await expect(load({ name: 'X', status: 'nothing' })).rejects.toThrow(
      'The generated accounts do not pass: /status "nothing" is not an option',
    );
    await expect(load({ name: 'X', churn_reason: 'Y' })).rejects.toThrow('/churn_reason The field does not apply');
    expect(await count('accounts', "name = 'X'")).toBe(0);
  });
});
