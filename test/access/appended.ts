// Entries of the timeline and of the audit log, which only the engine writes: rows like those that it wrote of the same record.
import { randomUUID } from 'node:crypto';
import type { TestApp } from '../support/app.ts';
import type { Canaries } from './canaries.ts';
import type { Seed } from './records.ts';

interface Made {
  readonly app: TestApp;
  readonly canaries: Canaries;
}
type Own = Pick<Seed, 'entity' | 'kind' | 'deleted'>;

/** A row that tells of its parent, as only the engine writes it. */
export async function appended(
  { app, canaries }: Made,
  own: Own,
  parent: Seed,
  fields: readonly [string, string],
): Promise<Seed> {
  const { entity, kind, deleted } = own;
  const [idField, typeField] = fields;
  const canary = String(canaries.fill('tags', { name: '' }).values['description']);
  const table = () => app.knex.withSchema('crm_core').from(`crm_${entity}`);
  const [row] = (await table()
    .where({ [idField]: parent.id, [typeField]: parent.entity })
    .limit(1)) as Record<string, unknown>[];
  const id = randomUUID();
  const told =
    entity === 'timeline'
      ? { summary: canary }
      : { record_name: canary, changes: JSON.stringify({ subject: { before: canary } }) };
  const gone = deleted ? { deleted_at: new Date().toISOString() } : {};
  await table().insert({ ...row, ...told, ...gone, id });
  const found: Seed = { id, entity, kind, shares: [], deleted, parent, owner: '', team: null, values: {}, references: 0 };
  canaries.plant(found, [[entity === 'timeline' ? 'summary' : 'record_name', canary]]);
  return found;
}
