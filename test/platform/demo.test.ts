// Demo records: loaded once, with their references, and never again.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../server/package-root.ts';
import { loadDemo } from '../../server/platform/demo.ts';
import { systemContext } from '../../server/repository/context.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

describe('the demo records', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.stop());

  test('are created once, with their references, and not again at the next start', async () => {
    const context = systemContext(app.registry, 'demo');
    const first = await loadDemo(app.repository, context, join(packageRoot(), 'metadata'));
    expect(first.created).toBeGreaterThan(300);
    expect(first.skipped).toBe(0);
    expect(await loadDemo(app.repository, context, join(packageRoot(), 'metadata'))).toEqual({
      created: 0,
      skipped: first.created,
    });
  });
});
