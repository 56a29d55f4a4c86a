// Every kind of change that the fault runs make gives metadata without findings, on its own and one after another.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { applyChanges } from '../../../server/metadata/changes/apply-changes.ts';
import type { MetadataChange } from '../../../server/metadata/changes/types.ts';
import type { Registry } from '../../../server/metadata/registry.ts';
import { foundation, kinds } from '../../faults/kinds.ts';
import { preparation, script } from '../../faults/live-script.ts';
import { crmRegistry, libraryRegistry } from '../../support/registry.ts';

async function made(registry: Registry, changes: readonly MetadataChange[], what = ''): Promise<Registry> {
  const result = await applyChanges(registry, changes);
  expect([what, result.issues]).toEqual([what, []]);
  return result.registry;
}

describe('each kind of change on the library', () => {
  let start: Registry;
  beforeAll(async () => {
    start = await made(await libraryRegistry(), foundation);
  });

  test.each(kinds.map(({ kind, changes }) => [kind, changes] as const))('%s', async (_kind, changes) => {
    const next = await made(start, changes);
    expect(next.version).not.toBe(start.version);
  });
});

test('the changes of the live run, one after another on the shipped application', async () => {
  const versions = [await made(await crmRegistry(), preparation)];
  for (const { kind, changes } of script) {
    const current = versions.at(-1);
    if (current === undefined) throw new Error('There is no version');
    const next = typeof changes === 'number' ? versions.at(-1 - changes) : await made(current, changes, kind);
    if (next !== undefined) versions.push(next);
  }
  expect(versions.length).toBe(script.length + 1);
}, 300_000);
