// Demo records: loaded once, with their references, and never again; a file that cannot be loaded says why.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../server/package-root.ts';
import { loadDemo } from '../../server/platform/demo.ts';
import { systemContext } from '../../server/repository/context.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

describe('the demo records', () => {
  let app: TestApp;
  let folder: string;
  beforeAll(async () => {
    app = await startTestApp();
    folder = mkdtempSync(join(tmpdir(), 'formwork-demo-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await app.stop();
  });
  const demo = (metadataDir: string) =>
    loadDemo(app.repository, systemContext(app.registry, 'demo', { actor: app.context().actor }), metadataDir);
  const files = (name: string, contents: Readonly<Record<string, unknown>>): string => {
    const metadataDir = join(folder, name);
    mkdirSync(join(metadataDir, 'demo'), { recursive: true });
    for (const [file, content] of Object.entries(contents)) {
      writeFileSync(join(metadataDir, 'demo', file), JSON.stringify(content));
    }
    return metadataDir;
  };

  test('are created once, with their references, and not again, not even those that somebody has deleted', async () => {
    const metadata = join(packageRoot(), 'metadata');
    const { created, skipped, base } = await demo(metadata);
    expect(created).toBeGreaterThan(100);
    expect(skipped).toBe(0);
    const list = await app.request('GET', '/products?external_id[eq]=demo-prod-fil-100&include=category');
    expect(list.body['data']).toMatchObject([{ code: 'FIL-100', category: { external_id: 'demo-cat-filtration' } }]);
    const [{ id } = { id: '' }] = list.body['data'] as never as [{ id: string }];
    expect(base.get('demo-prod-fil-100')).toMatchObject({ id, values: { code: 'FIL-100' } });
    const entry = await app.request('GET', '/pricebook?external_id[eq]=demo-pbe-usd-fil-100');
    await app.repository.remove(app.context(), 'pricebook', (entry.body['data'] as never as [{ id: string }])[0].id);
    expect(await demo(metadata)).toMatchObject({ created: 0, skipped: created });
  });

  test('an application without demo records has none', async () => {
    expect(await demo(join(folder, 'nowhere'))).toMatchObject({ created: 0, skipped: 0 });
  });

  test('a file that cannot be loaded is named with its record and the reason, and leaves nothing behind', async () => {
    const good = { external_id: 'demo-x-1', name: 'Here' };
    const load = (record: unknown, entity = 'accounts') =>
      demo(files('bad', { 'a.json': { entity, records: [good, record] }, 'notes.txt': 'not read' }));
    await expect(load({ external_id: 'demo-x-2' })).rejects.toThrow(
      'The demo file a.json cannot be loaded: demo-x-2: /name A value is required.',
    );
    await expect(load({ external_id: 'demo-x-3', name: 'X', parent_id: { ref: 'demo-none' } })).rejects.toThrow(
      'demo-x-3: parent_id refers to "demo-none", which no earlier record has',
    );
    await expect(load({ external_id: 'demo-x-4', name: 'X' }, 'auditlog')).rejects.toThrow(
      'is for auditlog, which has no external_id',
    );
    expect((await app.request('GET', '/accounts?external_id[eq]=demo-x-1')).body['data']).toEqual([]);
  });

  test('a record may refer to an earlier one of its own file', async () => {
    const records = [
      { external_id: 'demo-y-1', name: 'Parent' },
      { external_id: 'demo-y-2', name: 'Child', parent_id: { ref: 'demo-y-1' } },
    ];
    expect(await demo(files('tree', { 'a.json': { entity: 'accounts', records } }))).toMatchObject({ created: 2, skipped: 0 });
  });
});
