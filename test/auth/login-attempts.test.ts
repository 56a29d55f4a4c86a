// Limits of failed sign-ins: shared by all nodes, per account and per network, the same for accounts that do not exist.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type LoginAttempts, loginAttempts } from '../../server/auth/login-attempts.ts';
import { registryHolder } from '../../server/metadata/registry.ts';
import { maintain } from '../../server/platform/maintenance.ts';
import { migratedDatabase, startTestApp, type TestApp } from '../support/app.ts';
import type { TestDatabase } from '../support/database.ts';
import { crmRegistry } from '../support/registry.ts';

let database: TestDatabase;
let node: () => LoginAttempts;
let services: Parameters<typeof loginAttempts>[0];
beforeAll(async () => {
  const registry = await crmRegistry();
  database = await migratedDatabase(registry);
  services = { knex: database.knex, registry: registryHolder(registry) };
  node = () => loginAttempts(services, { account: 3, address: 5 });
});
afterAll(() => database.drop());

const table = () => database.knex.withSchema('crm_core').from('crm_login_attempts');
beforeEach(() => table().delete());

const refusal = {
  code: 'rate_limited',
  detail: 'Too many failed sign-ins. Try again later.',
  headers: { 'Retry-After': expect.stringMatching(/^(900|8\d\d)$/) },
};

describe('login attempts', () => {
  test('count on all nodes together, also at the same time', async () => {
    const nodes = [node(), node()];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => nodes[index % 2]?.begin('a@example.com', `192.0.2.${index}`)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    await expect(node().begin('a@example.com', '192.0.2.99')).rejects.toMatchObject(refusal);
    await node().begin('b@example.com', '192.0.2.99');
  });

  test("the right password clears the account's count and takes back the network's", async () => {
    for (let round = 0; round < 10; round++) {
      await node().begin('a@example.com', '192.0.2.1');
      await node().succeeded('a@example.com', '192.0.2.1');
    }
    for (let round = 0; round < 3; round++) await node().begin('a@example.com', '192.0.2.1');
    await expect(node().begin('a@example.com', '192.0.2.2')).rejects.toMatchObject(refusal);
  });

  test('a network that is stopped does not use up the tries of further accounts', async () => {
    for (let index = 0; index < 5; index++) await node().begin(`${index}@example.com`, '2001:db8::1');
    for (let index = 0; index < 5; index++)
      await expect(node().begin('a@example.com', `2001:db8::${index + 2}`)).rejects.toMatchObject(refusal);
    for (let index = 0; index < 3; index++) await node().begin('a@example.com', '2001:db8:0:1::1');
  });

  test('a window that is over counts no more, and maintenance removes it', async () => {
    for (let round = 0; round < 3; round++) await node().begin('a@example.com', '192.0.2.1');
    await table().update({ expire: Date.now() - 1 });
    await node().begin('a@example.com', '192.0.2.1');
    await node().begin('b@example.com', '192.0.2.1');
    await table().update({ expire: Date.now() - 1 });
    await node().begin('c@example.com', '192.0.2.1');
    await maintain({ ...services, onError: () => undefined });
    expect(await table().count()).toEqual([{ count: '2' }]);
  });

  test('what was tried is not kept in clear, however long it is', async () => {
    const account = `my password ${'x'.repeat(300)}`;
    await node().begin(account, '192.0.2.1');
    expect(JSON.stringify(await table().select())).not.toMatch(/password|192\.0/);
  });
});

describe('over HTTP', () => {
  let app: TestApp;
  let other: TestApp;
  beforeAll(async () => {
    [app, other] = await Promise.all([startTestApp(), startTestApp()]);
  });
  afterAll(() => Promise.all([app.stop(), other.stop()]));

  test('an account that exists and one that does not are stopped alike, after the same number of tries', async () => {
    const answers = async (email: string) => {
      const seen: unknown[] = [];
      for (let round = 0; round < 11; round++) {
        const { status, headers, body } = await app.request('POST', '/auth/login', {
          token: null,
          body: { email, password: 'wrong password' },
        });
        const { requestId: _id, ...rest } = body as never as Record<string, unknown>;
        seen.push([status, rest, headers.has('retry-after'), headers.get('www-authenticate')]);
      }
      return seen;
    };
    const known = await answers(app.adminEmail);
    expect(known).toEqual(await answers('nobody@example.com'));
    expect(known.map((answer) => (answer as unknown[])[0])).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  });

  test('tries that cannot be counted open no door', async () => {
    await other.knex.raw('ALTER TABLE crm_core.crm_login_attempts RENAME TO aside');
    const { status, body } = await other.request('POST', '/auth/login', {
      token: null,
      body: { email: other.adminEmail, password: other.adminPassword },
    });
    expect([status, body['code'], 'data' in body]).toEqual([500, 'internal', false]);
  });
});
