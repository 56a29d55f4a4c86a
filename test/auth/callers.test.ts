// A changed role or a disabled account acts within five seconds; the clock is the test's own.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { callers } from '../../server/auth/callers.ts';
import type { AuthServices } from '../../server/auth/services.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let services: AuthServices;
beforeAll(async () => {
  app = await startTestApp();
  services = { knex: app.knex, registry: app.parts.registry };
});
afterAll(() => app.stop());

const newUser = async () => {
  const body = { first_name: 'A', last_name: 'B', email: `${randomUUID()}@example.com`, roles: ['admin'] };
  return String((await app.request('POST', '/users', { body })).body['data']?.['id']);
};

describe('callers', () => {
  test('are read again after four seconds, not before', async () => {
    let at = 0;
    const known = callers(services, () => at);
    const session = { userId: await newUser(), sessionId: randomUUID() };
    expect((await known.current(session)).roles).toEqual(['admin']);
    await app.request('PATCH', `/users/${session.userId}`, { body: { roles: [] } });
    at = 3_999;
    expect((await known.current(session)).roles).toEqual(['admin']);
    at = 4_000;
    expect((await known.current(session)).roles).toEqual([]);
    await app.request('PATCH', `/users/${session.userId}`, { body: { active: false } });
    at = 10_000;
    await expect(known.current(session)).rejects.toMatchObject({ code: 'unauthenticated', detail: 'This account is disabled.' });
    await app.request('DELETE', `/users/${session.userId}`);
    at = 15_000;
    await expect(known.current(session)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('a failed read is not remembered', async () => {
    let away = true;
    const flaky = new Proxy(app.knex, {
      get: (target, name) => {
        if (away && name === 'client') throw new Error('away');
        return Reflect.get(target, name) as unknown;
      },
    });
    const known = callers({ ...services, knex: flaky }, () => 0);
    const session = { userId: await newUser(), sessionId: randomUUID() };
    await expect(known.current(session)).rejects.toThrow('away');
    away = false;
    expect((await known.current(session)).id).toBe(session.userId);
  });

  test('are forgotten when many others came since', async () => {
    let at = 0;
    const known = callers(services, () => at);
    const userId = await newUser();
    for (let index = 0; index < 5_000; index += 500) {
      await Promise.all(Array.from({ length: 500 }, () => known.current({ userId, sessionId: randomUUID() })));
    }
    at = 6_000;
    expect((await known.current({ userId, sessionId: randomUUID() })).id).toBe(userId);
  }, 120_000);
});
