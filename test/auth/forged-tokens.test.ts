// Forged access tokens: none opens anything, none makes the server ask anybody for a key.
import { createHash, createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type SigningKey, signingKeys } from '../../server/auth/signing-keys.ts';
import { raw, startServer, type TestServer } from '../http/koa-server.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let good: string;
let key: SigningKey & { readonly privateKey: NonNullable<SigningKey['privateKey']> };
beforeAll(async () => {
  app = await startTestApp();
  good = await app.token();
  key = await signingKeys({ knex: app.knex, registry: app.parts.registry }).signing();
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

  test('re-signed without a change it is still good: the forgeries below fail for their own reasons', async () => {
    expect((await me(await resigned({}))).status).toBe(200);
  });

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
    'a kid that leads out of a folder': () => resigned({}, { kid: '../../../../etc/passwd' }),
    'a kid that is our own, and then SQL': () => resigned({}, { kid: `${key.kid}' UNION SELECT '{}'--` }),
    'HS256 keyed with our kid': () => {
      const body = `${base64({ alg: 'HS256', typ: 'at+jwt', kid: key.kid })}.${good.split('.')[1]}`;
      return `${body}.${createHmac('sha256', key.kid).update(body).digest('base64url')}`;
    },
    'a critical b64 header (RFC 7797)': () =>
      `${base64({ ...decodeProtectedHeader(good), crit: ['b64'], b64: false })}.${good.split('.').slice(1).join('.')}`,
    'a critical extension in a signature of ours': () =>
      resigned({}, { crit: ['http://example.com/new'], 'http://example.com/new': 1 }).catch(() => 'refused.by.signer'),
    'the end cut off': () => good.slice(0, -1),
    'half of it cut off': () => good.slice(0, good.length / 2),
    'an encrypted token': () => `${base64({ alg: 'dir', enc: 'A256GCM', kid: key.kid })}..AAAA.AAAA.AAAA`,
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

  test('three megabytes of it are refused before anybody looks at them', async () => {
    const answer = await raw(
      Number(new URL(app.url).port),
      `GET /crm/v1/auth/me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${good}${'A'.repeat(3 * 1024 * 1024)}\r\n\r\n`,
      /\r\n\r\n/,
    );
    // RFC 6585, 5: the server does not read headers of that size to their end.
    expect(answer).toMatch(/^HTTP\/1.1 431 /);
    expect((await me(good)).status).toBe(200);
  });

  test('the longest that a header may have is a 401 like any other', async () => {
    const { status, headers } = await me(`${good}${'A'.repeat(12_000)}`);
    expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('invalid_token')]);
  });

  test('a refresh token, a voucher and a stored hash are no access tokens', async () => {
    const login = { email: app.adminEmail, password: app.adminPassword };
    const { body } = await app.request('POST', '/auth/login', { body: login, token: null });
    const { rows } = await app.knex.raw('SELECT token_hash FROM crm_core.crm_refresh_tokens');
    for (const token of [String(body['data']?.['refresh_token']), ...rows.map((row: { token_hash: string }) => row.token_hash)])
      expect((await me(token)).status).toBe(401);
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
