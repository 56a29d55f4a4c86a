// The rate limit in the whole application: a request over it leaves no trace, and each principal has a limit of its own.
import { afterEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp | undefined;
afterEach(() => app?.stop());

/** One request at once, the next after a thousand seconds: no test is slow enough to see the bucket fill. */
const once = { FORMWORK_RATE_LIMIT: '0.001' };

const traces = ['contacts', 'auditlog', 'outbox', 'idempotency_keys', 'counters'];
const counts = async ({ knex }: TestApp): Promise<unknown> => {
  const { rows } = await knex.raw(
    `SELECT ${traces.map((name) => `(SELECT count(*) FROM crm_core.crm_${name}) AS ${name}`).join(', ')}`,
  );
  return rows;
};

describe('over the rate limit', () => {
  test.each([
    ['POST', '/contacts', { last_name: 'Second' }],
    ['PATCH', '/contacts?last_name[eq]=First&maxAffected=10', { last_name: 'Changed' }],
    ['DELETE', '/contacts?last_name[eq]=First&maxAffected=10', undefined],
    ['POST', '/graphql', { query: 'mutation { createContact(data: { last_name: "Second" }) { id } }' }],
  ])('%s %s does nothing', async (method, path, body) => {
    app = await startTestApp({ environment: once });
    const first = await app.request('POST', '/contacts', { body: { last_name: 'First' } });
    expect([first.status, first.headers.get('ratelimit'), first.headers.get('ratelimit-policy')]).toEqual([
      201,
      '"default";r=0;t=1000',
      '"default";q=1;w=1000',
    ]);
    const before = await counts(app);
    const refused = await app.request(method, path, body === undefined ? {} : { body });
    expect([refused.status, refused.body['code'], refused.headers.get('retry-after')]).toEqual([429, 'rate_limited', '1000']);
    expect(await counts(app)).toEqual(before);
  });

  test('no password is looked at, and no try is counted', async () => {
    app = await startTestApp({ environment: once });
    await app.token();
    const login = { email: app.adminEmail, password: 'wrong password' };
    const { status, body } = await app.request('POST', '/auth/login', { token: null, body: login });
    expect([status, body['detail']]).toEqual([429, 'At most 0.001 requests a second. Nothing was done.']);
    expect(await app.knex.withSchema('crm_core').from('crm_login_attempts').select('points')).toEqual([{ points: 0 }]);
  });

  test('health is answered still, for those who look after the server', async () => {
    app = await startTestApp({ environment: once });
    for (let round = 0; round < 3; round++) expect((await app.request('GET', '//health/live', { token: null })).status).toBe(200);
  });
});

test('off limits nobody', async () => {
  app = await startTestApp({ environment: { FORMWORK_RATE_LIMIT: 'off' } });
  const token = await app.token();
  const answers = await Promise.all(Array.from({ length: 150 }, () => app?.request('GET', '/auth/me', { token })));
  expect(answers.every((answer) => answer?.status === 200 && !answer.headers.has('ratelimit'))).toBe(true);
});
