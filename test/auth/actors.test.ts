// Actors outside of a request.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { actorsOf } from '../../server/auth/actors.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

describe('actors outside of a request', () => {
  test('have the rights of today, and are gone when disabled or deleted', async () => {
    const actors = actorsOf(app.knex);
    const body = { first_name: 'A', last_name: 'B', email: 'worker@example.com', roles: ['admin'] };
    const id = String((await app.request('POST', '/users', { body })).body['data']?.['id']);
    expect((await actors.byId(app.registry, id))?.access('contacts', 'purge')).toBe('all');
    expect((await actors.byEmail(app.registry, 'Worker@example.com'))?.id).toBe(id);
    await app.request('PATCH', `/users/${id}`, { body: { roles: [] } });
    expect((await actors.byId(app.registry, id))?.access('contacts', 'read')).toBe('none');
    await app.request('PATCH', `/users/${id}`, { body: { active: false } });
    expect(await actors.byId(app.registry, id)).toBeUndefined();
    await app.request('DELETE', `/users/${id}`);
    expect([await actors.byId(app.registry, id), await actors.byEmail(app.registry, 'worker@example.com')]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('the administrator is the first active one', async () => {
    expect((await actorsOf(app.knex).administrator(app.registry))?.id).toBe(app.adminId);
    await app.knex.raw('UPDATE crm_core.crm_users SET active = false');
    expect(await actorsOf(app.knex).administrator(app.registry)).toBeUndefined();
  });
});
