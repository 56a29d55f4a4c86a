// Access tokens: what is in them, and that no forged one opens anything.
import { createHash, createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { accessTokens } from '../../server/auth/access-tokens.ts';
import type { AuthServices } from '../../server/auth/services.ts';
import { type SigningKey, signingKeys } from '../../server/auth/signing-keys.ts';
import { Problem } from '../../server/problem.ts';
import { startServer, type TestServer } from '../http/koa-server.ts';
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
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token signed with the server's own key, with some claims or header members changed; undefined removes one. */
function resigned(
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
  signer = key.privateKey,
): Promise<string> {
  const payload = Object.fromEntries(
    Object.entries({ ...decodeJwt(good), ...claims }).filter(([, value]) => value !== undefined),
  );
  return new SignJWT(payload as JWTPayload)
    .setProtectedHeader({ ...decodeProtectedHeader(good), ...header } as never)
    .sign(signer);
}

const now = () => Math.floor(Date.now() / 1000);

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

  test('re-signed without a change it is still good: the forgeries below fail for their own reasons', async () => {
    expect((await me(await resigned({}))).status).toBe(200);
  });

  test('is known by its address when one is set', async () => {
    const tokens = accessTokens({ ...services, publicUrl: 'https://crm.example.com' }, signingKeys(services));
    const issued = await tokens.issue({ userId: app.adminId, sessionId: randomUUID() });
    expect(decodeJwt(issued).iss).toBe('https://crm.example.com');
    expect((await me(issued)).status).toBe(401);
  });
});

describe('forged tokens', () => {
  // Where forged headers point to: a server that would hand out the forger's key, if it were asked.
  let elsewhere: TestServer;
  let asked = 0;
  let forger: Awaited<ReturnType<typeof generateKeyPair>>;
  beforeAll(async () => {
    forger = await generateKeyPair('EdDSA', { extractable: true });
    const jwk = { ...(await exportJWK(forger.publicKey)), kid: key.kid, alg: 'EdDSA', use: 'sig' };
    elsewhere = await startServer([
      (ctx: { body: unknown }) => {
        asked += 1;
        ctx.body = { keys: [jwk] };
      },
    ] as never);
  });
  afterAll(() => elsewhere.close());
  const fromElsewhere = (member: 'jku' | 'x5u' | 'kid', kid?: string) =>
    resigned({}, { kid, [member]: `${elsewhere.url}/keys` }, forger.privateKey);

  const forgeries: Record<string, () => Promise<string> | string> = {
    'alg none': () => `${base64({ alg: 'none', typ: 'at+jwt' })}.${good.split('.')[1]}.`,
    'alg none with our kid': () => `${base64({ alg: 'none', typ: 'at+jwt', kid: key.kid })}.${good.split('.')[1]}.`,
    'alg nOnE': () => `${base64({ alg: 'nOnE', typ: 'at+jwt', kid: key.kid })}.${good.split('.')[1]}.`,
    'alg none with our signature': () =>
      `${base64({ alg: 'none', typ: 'at+jwt', kid: key.kid })}.${good.split('.').slice(1).join('.')}`,
    'our alg without a signature': () => `${good.split('.').slice(0, 2).join('.')}.`,
    'HS256 keyed with our public key': async () => {
      const body = `${base64({ alg: 'HS256', typ: 'at+jwt', kid: key.kid })}.${good.split('.')[1]}`;
      return `${body}.${createHmac('sha256', await exportSPKI(key.publicKey))
        .update(body)
        .digest('base64url')}`;
    },
    'HS256 keyed with our public key as it stands in a JWK': async () => {
      const body = `${base64({ alg: 'HS256', typ: 'at+jwt', kid: key.kid })}.${good.split('.')[1]}`;
      const { x = '' } = await exportJWK(key.publicKey);
      return `${body}.${createHmac('sha256', Buffer.from(x, 'base64url')).update(body).digest('base64url')}`;
    },
    'a changed payload': () => {
      const [head, , signature] = good.split('.');
      return `${head}.${base64({ ...decodeJwt(good), sub: randomUUID() })}.${signature}`;
    },
    'a changed signature': () => `${good.slice(0, -8)}${good.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA'}`,
    'another key under our kid': async () => resigned({}, {}, (await generateKeyPair('EdDSA')).privateKey),
    'its own key in the header (jwk)': async () => {
      const pair = await generateKeyPair('EdDSA', { extractable: true });
      return resigned({}, { jwk: await exportJWK(pair.publicKey), kid: undefined }, pair.privateKey);
    },
    'a key from elsewhere (jku) under a kid of its own': () => fromElsewhere('jku', randomUUID()),
    'a key from elsewhere (jku) under our kid': () => fromElsewhere('jku', key.kid),
    'a certificate from elsewhere (x5u) under a kid of its own': () => fromElsewhere('x5u', randomUUID()),
    'a certificate from elsewhere (x5u) under our kid': () => fromElsewhere('x5u', key.kid),
    'a kid that is an address': () => fromElsewhere('kid'),
    'an issuer that is an address, where keys could be asked for': () => resigned({ iss: elsewhere.url }),
    'a certificate of its own (x5c)': async () =>
      resigned({}, { x5c: ['MIIBAAAA'], kid: undefined }, (await generateKeyPair('EdDSA')).privateKey),
    'a kid that is a path to a file with a known key': () => {
      const body = `${base64({ alg: 'HS256', typ: 'at+jwt', kid: '../../../../../../dev/null' })}.${good.split('.')[1]}`;
      return `${body}.${createHmac('sha256', '').update(body).digest('base64url')}`;
    },
    'a kid that is no text': () =>
      `${base64({ ...decodeProtectedHeader(good), kid: [key.kid] })}.${good.split('.').slice(1).join('.')}`,
    'a kid that is a path': () => resigned({}, { kid: '../../../dev/null' }),
    'a kid that is SQL': () => resigned({}, { kid: "' OR '1'='1" }),
    'a kid that is unknown': () => resigned({}, { kid: randomUUID() }),
    'no kid': () => resigned({}, { kid: undefined }),
    'another typ': () => resigned({}, { typ: 'JWT' }),
    'no typ': () => resigned({}, { typ: undefined }),
    'an extension that must be understood': () =>
      `${base64({ ...decodeProtectedHeader(good), crit: ['exp2'], exp2: 1 })}.${good.split('.').slice(1).join('.')}`,
    'another audience': () => resigned({ aud: 'urn:formwork:other:api' }),
    'several audiences': () => resigned({ aud: ['urn:formwork:crm:api', 'urn:formwork:other:api'] }),
    'our audience in an array': () => resigned({ aud: ['urn:formwork:crm:api'] }),
    'no audience': () => resigned({ aud: undefined }),
    'another issuer': () => resigned({ iss: 'urn:formwork:other' }),
    'no subject': () => resigned({ sub: undefined }),
    'a subject that is no id': () => resigned({ sub: "' OR '1'='1" }),
    'no session': () => resigned({ sid: undefined }),
    'no expiry': () => resigned({ exp: undefined }),
    'a scope of another application': () => resigned({ scope: 'library:*' }),
    'no scope': () => resigned({ scope: undefined }),
    'an expiry that is no number': () => resigned({ exp: '99999999999' }),
    'no begin of its time': () => resigned({ nbf: undefined }),
    'an empty subject': () => resigned({ sub: '' }),
    'not valid yet': () => resigned({ nbf: now() + 600 }),
    'a user that does not exist': () => resigned({ sub: randomUUID() }),
    'RS256 of another key': () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      return new SignJWT(decodeJwt(good)).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: key.kid }).sign(privateKey);
    },
    'a digest for a token': () => createHash('sha256').update(good).digest('base64url'),
    'two parts': () => good.split('.').slice(0, 2).join('.'),
    'very long text': () => 'a.'.repeat(5_000),
  };

  test.each(Object.keys(forgeries))('%s is a 401', async (name) => {
    const { status, headers, body } = await me((await forgeries[name]?.()) ?? '');
    expect([status, body['code']]).toEqual([401, 'unauthenticated']);
    expect(headers.get('www-authenticate')).toBe(
      'Bearer realm="api", error="invalid_token", error_description="The access token is not valid."',
    );
  });

  test('none of them made the server ask anybody for a key', async () => {
    expect(asked).toBe(0);
    expect((await fetch(`${elsewhere.url}/keys`)).status).toBe(200);
    expect(asked).toBe(1);
  });

  test('an expired token says that it expired', async () => {
    const { status, headers, body } = await me(await resigned({ exp: now() - 10, nbf: now() - 910, iat: now() - 910 }));
    expect([status, body['code']]).toEqual([401, 'token_expired']);
    expect(headers.get('www-authenticate')).toContain('expired');
  });

  test('no token asks for one, another scheme is no token', async () => {
    const none = await app.request('GET', '/contacts', { token: null });
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="api"']);
    for (const [header, wrong] of [
      ['Basic YWRtaW46YWRtaW4=', false],
      [good, false],
      ['Bearer', true],
      [`Bearer ${good} ${good}`, true],
    ] as const) {
      const { status, headers } = await app.request('GET', '/contacts', { token: null, headers: { Authorization: header } });
      const told = (headers.get('www-authenticate') ?? '').includes('error="invalid_token"');
      expect([header.slice(0, 12), status, told]).toEqual([header.slice(0, 12), 401, wrong]);
    }
  });

  test('a token in the address or in a cookie is no token', async () => {
    expect((await app.request('GET', `/auth/me?access_token=${good}`, { token: null })).status).toBe(401);
    for (const name of ['access_token', 'crm_refresh'])
      expect((await app.request('GET', '/auth/me', { token: null, headers: { Cookie: `${name}=${good}` } })).status).toBe(401);
  });

  test('the scheme is written in any case (RFC 9110, 11.1)', async () => {
    for (const scheme of ['bearer', 'BEARER'])
      expect(
        (await app.request('GET', '/auth/me', { token: null, headers: { Authorization: `${scheme} ${good}` } })).status,
      ).toBe(200);
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
