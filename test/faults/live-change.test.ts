// The live change, small: a few thousand rows, a dozen changes; the whole of it is `npm run faults -- live-change`.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migratedDatabase } from '../support/app.ts';
import type { TestDatabase } from '../support/database.ts';
import { crmRegistry } from '../support/registry.ts';
import { liveChange } from './live-change.ts';
import { brokenInvariants, reportText } from './live-report.ts';
import { script } from './live-script.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await migratedDatabase(await crmRegistry());
});
afterAll(() => database.drop());

test('while the metadata changes under them, clients of two nodes see no failure, no mixture of versions and no lost write', async () => {
  const steps = script.filter(({ small }) => small);
  const result = await liveChange({
    databaseUrl: database.url,
    rows: 20_000,
    // Less than the machine can do while other tests run beside it; the whole run has the promised 50.
    rate: 20,
    seconds: 10,
    pauseMs: 200,
    warmUpMs: 200,
    steps,
    say: () => undefined,
  });
  process.stdout.write(`${reportText(result)}\n`);
  expect(brokenInvariants(result)).toEqual([]);
  expect(result.made).toHaveLength(steps.length);
  expect(result.samples.length).toBeGreaterThanOrEqual(200);
  expect(result.acknowledged).toBeGreaterThan(100);
  expect(result.shapes).toBeGreaterThan(steps.length);
}, 600_000);
