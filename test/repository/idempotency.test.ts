// Idempotency keys: one run for each key and principal, its answer kept with its effect, failures of ours not kept.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { problem } from '../../server/problem.ts';
import type { Context } from '../../server/repository/context.ts';
import { type IdempotentRequest, runIdempotent, type StoredResponse } from '../../server/repository/idempotency.ts';
import { type Desk, openDesk, outcome } from './support/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.stop());

const asked = (over: Partial<IdempotentRequest> = {}): IdempotentRequest => ({
  key: randomUUID(),
  method: 'POST',
  path: '/regions',
  fingerprint: 'a',
  ...over,
});
const answer = (body: string): StoredResponse => ({ status: 201, headers: { etag: '"1"' }, body });
const run = (request: IdempotentRequest, work: (inner: Context) => Promise<StoredResponse> | StoredResponse, context = desk.me) =>
  runIdempotent(desk.repository, context, request, async (inner) => work(inner));
const never = () => {
  throw new Error('ran again');
};
const regions = async (name: string) => (await desk.list('regions', `name[eq]=${name}`)).data.length;

describe('the same key', () => {
  test('gets the stored answer, with status, headers and body', async () => {
    const request = asked();
    expect(await run(request, () => answer('{"a":"ü"}'))).toEqual({ ...answer('{"a":"ü"}'), replayed: false });
    expect(await run(request, never)).toEqual({ ...answer('{"a":"ü"}'), replayed: true });
    const empty = asked();
    await run(empty, () => ({ status: 204, headers: {}, body: null }));
    expect(await run(empty, never)).toEqual({ status: 204, headers: {}, body: null, replayed: true });
  });

  test('with another body is refused, and the stored answer stays', async () => {
    const request = asked();
    await run(request, () => answer('first'));
    expect(await outcome(run({ ...request, fingerprint: 'b' }, never))).toBe('idempotency_key_reused');
    expect((await run(request, never)).body).toBe('first');
  });

  test('of another principal, method or path is another key', async () => {
    const request = asked();
    const other = await desk.someone({ '*': 'all' });
    await run(request, () => answer('mine'));
    expect((await run(request, () => answer('theirs'), other)).body).toBe('theirs');
    expect((await run({ ...request, method: 'PUT' }, () => answer('put'))).body).toBe('put');
    expect((await run({ ...request, path: '/groups' }, () => answer('groups'))).body).toBe('groups');
    expect((await run(request, never)).body).toBe('mine');
  });

  test('is answered under the same rights only; what was refused under others is tried again', async () => {
    const under = (mark: string): Context => ({ ...desk.me, actor: { ...desk.me.actor, mark } });
    const done = asked();
    await run(done, () => answer('secret'), under('many'));
    expect(await outcome(run(done, never, under('few')))).toBe('idempotency_rights_changed');
    expect((await run(done, never, under('many'))).body).toBe('secret');

    const refused = asked();
    const deny = () => {
      throw problem('forbidden');
    };
    expect(await outcome(run(refused, deny, under('few')))).toBe('forbidden');
    expect(await run(refused, never, under('few'))).toMatchObject({ status: 403, replayed: true });
    expect((await run(refused, () => answer('now'), under('many'))).body).toBe('now');
    expect(await run(refused, never, under('many'))).toMatchObject({ body: 'now', replayed: true });
  });

  test('runs again once it has expired', async () => {
    const request = asked();
    await run(request, () => answer('old'));
    await desk.sql(`UPDATE workshop.ws_idempotency_keys SET expires_at = now() - interval '1 second' WHERE key = ?`, request.key);
    expect(await run({ ...request, fingerprint: 'b' }, () => answer('new'))).toMatchObject({ body: 'new', replayed: false });
    expect((await run({ ...request, fingerprint: 'b' }, never)).body).toBe('new');
    const [row] = await desk.sql(
      "SELECT expires_at > now() + interval '23 hours' AS kept FROM workshop.ws_idempotency_keys WHERE key = ?",
      request.key,
    );
    expect(row).toEqual({ kept: true });
  });
});

describe('what is kept', () => {
  test('a refusal, though its effects are taken back', async () => {
    const request = asked();
    const refuse = async (inner: Context): Promise<StoredResponse> => {
      await desk.repository.create(inner, 'regions', { name: 'half' });
      return (await desk.repository.create(inner, 'regions', { nam: 'x' })) as never;
    };
    expect(await outcome(run(request, refuse))).toBe('validation_failed · /nam unknown_field · /name required');
    expect(await regions('half')).toBe(0);
    const again = await run(request, never);
    expect([again.status, again.replayed, again.headers['content-type']]).toEqual([422, true, 'application/problem+json']);
    expect(JSON.parse(again.body ?? '')).toMatchObject({
      code: 'validation_failed',
      instance: '/regions',
      errors: [{ pointer: '/nam' }, { pointer: '/name' }],
    });
  });

  test('a refusal of the database too', async () => {
    const request = asked();
    const clash = async (inner: Context): Promise<StoredResponse> => {
      await desk.repository.create(inner, 'samples', { name: 'x', code: 'clash' });
      return answer('made');
    };
    await desk.create('samples', { code: 'clash' });
    expect(await outcome(run(request, clash))).toBe('unique_conflict · /code unique');
    expect((await run(request, never)).status).toBe(409);
  });

  test.each([
    ['a fault', () => new Error('bug')],
    ['a failure of ours', () => problem('unavailable')],
    ['bad timing', () => problem('conflict', { cause: Object.assign(new Error('deadlock'), { code: '40P01' }) })],
    ['another request with the key', () => problem('idempotency_in_progress')],
  ])('not %s: the request can be made again', async (_what, error) => {
    const request = asked();
    const fail = () => {
      throw error();
    };
    await expect(run(request, fail)).rejects.toThrow();
    expect(await run(request, () => answer('worked'))).toMatchObject({ body: 'worked', replayed: false });
  });

  test('nothing when the effect is rolled back at its end', async () => {
    const request = asked();
    const work = desk.repository.transaction(desk.me, async (inner) => {
      await run(
        request,
        async (nested) => {
          await desk.repository.create(nested, 'regions', { name: 'rolled' });
          return answer('x');
        },
        inner,
      );
      throw new Error('outer');
    });
    await expect(work).rejects.toThrow('outer');
    expect((await run(request, () => answer('again'))).replayed).toBe(false);
    expect(await regions('rolled')).toBe(0);
  });
});

describe('at the same time', () => {
  test('one has its effect; the others are told to wait or get its answer', async () => {
    const request = asked();
    let runs = 0;
    const attempt = () =>
      outcome(
        run(request, async (inner) => {
          runs += 1;
          await desk.repository.create(inner, 'regions', { name: 'parallel' });
          return answer('done');
        }),
      );
    const outcomes = await Promise.all(Array.from({ length: 30 }, attempt));
    expect(new Set(outcomes)).toEqual(
      new Set(outcomes.includes('idempotency_in_progress') ? ['ok', 'idempotency_in_progress'] : ['ok']),
    );
    expect(await regions('parallel')).toBe(1);
    // One that looked just before the first committed may have begun: what it did is taken back, as below.
    const before = runs;
    expect(await attempt()).toBe('ok');
    expect(runs).toBe(before);
  });

  test('one that starts while the first still runs is told to wait', async () => {
    const request = asked();
    let second = '';
    await run(request, async () => {
      second = await outcome(run(request, never));
      return answer('first');
    });
    expect(second).toBe('idempotency_in_progress');
    expect((await run(request, never)).body).toBe('first');
  });

  test('an answer that another request stored meanwhile stands, and the late effect is taken back', async () => {
    const request = asked();
    const late = run(request, async (inner) => {
      await desk.repository.create(inner, 'regions', { name: 'late' });
      await desk.sql(
        `INSERT INTO workshop.ws_idempotency_keys (scope, key, fingerprint, rights, status, headers, body, expires_at)
         VALUES (?, ?, 'a', ?, 201, '{}', 'winner', now() + interval '1 hour')`,
        `${desk.me.actor.id} POST /regions`,
        request.key,
        desk.me.actor.mark,
      );
      return answer('loser');
    });
    expect(await outcome(late)).toBe('idempotency_in_progress');
    expect(await regions('late')).toBe(0);
    expect((await run(request, never)).body).toBe('winner');
  });
});
