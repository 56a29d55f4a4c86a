// Signing keys: one for all nodes, replaced while old ones verify, useless in a stolen dump.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { accessTokens } from '../../server/auth/access-tokens.ts';
import type { AuthServices } from '../../server/auth/services.ts';
import { signingKeys } from '../../server/auth/signing-keys.ts';
import { registryHolder } from '../../server/metadata/registry.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { migratedDatabase } from '../support/app.ts';
import type { TestDatabase } from '../support/database.ts';
import { crmRegistry } from '../support/registry.ts';

let database: TestDatabase;
let services: AuthServices;
beforeAll(async () => {
  const registry = await crmRegistry();
  database = await migratedDatabase(registry);
  services = { knex: database.knex, registry: registryHolder(registry) };
});
afterAll(() => database.drop());

const table = () => database.knex.withSchema('crm_core').from('crm_signing_keys');
beforeEach(() => table().delete());

const session = { userId: '00000000-0000-7000-8000-000000000001', sessionId: '00000000-0000-4000-8000-000000000002' };

describe('signing keys', () => {
  test('nodes that start together agree on one', async () => {
    const nodes = Array.from({ length: 4 }, () => signingKeys(services));
    const made = await Promise.all(nodes.map((node) => node.signing()));
    expect(new Set(made.map(({ kid }) => kid)).size).toBe(1);
    expect(await table().count()).toEqual([{ count: '1' }]);
  });

  test('what one node signs, another verifies, also with a key made a moment ago', async () => {
    const [a, b] = [signingKeys(services), signingKeys(services)];
    let at = Date.now();
    const late = signingKeys(services, () => at);
    expect(await late.verifying('00000000-0000-4000-8000-000000000000')).toBeUndefined();
    const token = await accessTokens(services, a).issue(session);
    expect(await accessTokens(services, b).verify(token)).toEqual(session);
    at += 1_000;
    expect(await accessTokens(services, late).verify(token)).toEqual(session);
  });

  test('an old key verifies while a new one signs, a very old and a retired one do neither', async () => {
    const first = await signingKeys(services).signing();
    const token = await accessTokens(services, signingKeys(services)).issue(session);
    await table().update({ created_at: database.knex.raw("now() - interval '30 days 1 hour'") });
    const second = await signingKeys(services).signing();
    expect(second.kid).not.toBe(first.kid);
    expect(await accessTokens(services, signingKeys(services)).verify(token)).toEqual(session);
    await table()
      .where({ kid: first.kid })
      .update({ created_at: database.knex.raw("now() - interval '32 days'") });
    expect(await signingKeys(services).verifying(first.kid)).toBeUndefined();
    await table().where({ kid: second.kid }).update({ retired_at: database.knex.fn.now() });
    expect(await signingKeys(services).verifying(second.kid)).toBeUndefined();
    expect((await signingKeys(services).signing()).kid).not.toBe(second.kid);
  });

  test('with a secret the private part is encrypted; without it, or with another, the key verifies but does not sign', async () => {
    const secret = { ...services, secretKey: 'a secret key of more than thirty-two characters' };
    const made = await signingKeys(secret).signing();
    const token = await accessTokens(secret, signingKeys(secret)).issue(session);
    const [stored] = (await table().select('private_jwk')) as { private_jwk: Record<string, string> }[];
    expect(stored?.private_jwk).not.toHaveProperty('d');
    expect(stored?.private_jwk['d_jwe']?.split('.')).toHaveLength(5);
    expect((await signingKeys(secret).signing()).kid).toBe(made.kid);
    for (const other of [services, { ...services, secretKey: 'another secret key of more than thirty-two characters' }]) {
      expect(await accessTokens(other, signingKeys(other)).verify(token)).toEqual(session);
      expect((await signingKeys(other).signing()).kid).not.toBe(made.kid);
    }
  });

  test('a key that was stored before there was a secret signs on', async () => {
    const plain = await signingKeys(services).signing();
    const secret = { ...services, secretKey: 'a secret key of more than thirty-two characters' };
    expect((await signingKeys(secret).signing()).kid).toBe(plain.kid);
  });

  test.each([
    ['is another one', 'another secret key of more than thirty-two characters'],
    ['is not set', undefined],
  ])('a secret that %s is told once, by the name of its variable, and sign-in goes on', async (told, secretKey) => {
    await signingKeys({ ...services, secretKey: 'a secret key of more than thirty-two characters' }).signing();
    const lines: string[] = [];
    const log = createLog({ level: 'info' }, { write: (line) => void lines.push(line) });
    const wrong = { ...services, secretKey, log };
    const made = await signingKeys(wrong).signing();
    expect((await signingKeys(wrong).signing()).kid).toBe(made.kid);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 'error', msg: expect.stringContaining(`FORMWORK_SECRET_KEY ${told}: `) },
    ]);
  });

  test('a key that cannot be read fails, and the next try reads again', async () => {
    await table().insert({ kid: 'odd', private_jwk: JSON.stringify({ kty: 'oct', k: 'AAAA' }) });
    const keys = signingKeys(services);
    await expect(keys.signing()).rejects.toThrow();
    await table().delete();
    expect((await keys.signing()).signs).toBe(true);
  });
});
