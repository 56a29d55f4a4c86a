// Access tokens: what is in them, and how long they are remembered. Forged ones have a file of their own.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { accessTokens } from '../../server/auth/access-tokens.ts';
import type { AuthServices } from '../../server/auth/services.ts';
import { type SigningKey, signingKeys } from '../../server/auth/signing-keys.ts';
import { Problem } from '../../server/problem.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let services: AuthServices;
let good: string;
let key: SigningKey & { readonly privateKey: NonNullable<SigningKey['privateKey']> };
beforeAll(async () => {
  app = await startTestApp();
  services = { knex: app.knex, registry: app.parts.registry };
  good = await app.token();
  key = await signingKeys(services).signing();
});
afterAll(() => app.stop());

const me = (token: string) => app.request('GET', '/auth/me', { token });
describe('an access token', () => {
  test('says who, for whom, how long and for what, and nothing personal', async () => {
    const payload = decodeJwt(good);
    expect(decodeProtectedHeader(good)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid });
    expect(payload).toMatchObject({ iss: 'urn:formwork:crm', aud: 'urn:formwork:crm:api', sub: app.adminId, scope: 'crm:*' });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900);
    expect(JSON.stringify(payload)).not.toContain('admin@');
    const { status, body } = await me(good);
    expect([status, body['data']]).toEqual([
      200,
      { id: app.adminId, display_name: expect.any(String), email: app.adminEmail, roles: ['admin'], language: 'en' },
    ]);
  });

  test('is known by its address when one is set', async () => {
    const tokens = accessTokens({ ...services, publicUrl: 'https://crm.example.com' }, signingKeys(services));
    const issued = await tokens.issue({ userId: app.adminId, sessionId: randomUUID() });
    expect(decodeJwt(issued).iss).toBe('https://crm.example.com');
    expect((await me(issued)).status).toBe(401);
  });
});

describe('a remembered token', () => {
  test('is refused once its time is over, without a new look at it', async () => {
    let at = Date.now();
    const tokens = accessTokens(services, signingKeys(services), () => at);
    const session = { userId: randomUUID(), sessionId: randomUUID() };
    const token = await tokens.issue(session);
    expect(await tokens.verify(token)).toEqual(session);
    at += 899_000;
    expect(await tokens.verify(token)).toEqual(session);
    at += 2_000;
    const code = await tokens.verify(token).catch((error: unknown) => (error instanceof Problem ? error.code : error));
    expect(code).toBe('token_expired');
  });

  test("failures that are not the token's are not told as such", async () => {
    const broken = { ...signingKeys(services), verifying: () => Promise.reject(new Error('the database is away')) };
    await expect(accessTokens(services, broken).verify(good)).rejects.toThrow('the database is away');
  });
});
