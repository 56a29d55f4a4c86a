import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadConfig, publicUrl, settings } from '../server/config.ts';
import { packageRoot } from '../server/package-root.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('without any variable', () => {
  test('every setting has its documented default', () => {
    expect(loadConfig({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: undefined,
      dataDir: join(process.cwd(), '.formwork'),
      metadataDir: join(packageRoot(), 'metadata'),
      demo: true,
      adminEmail: undefined,
      adminPassword: undefined,
      rateLimit: 50,
      trustedProxies: 0,
      logLevel: 'info',
      publicUrl: undefined,
      secretKey: undefined,
      smtpUrl: undefined,
      mailFrom: undefined,
      oidcIssuer: undefined,
      oidcClientId: undefined,
      oidcClientSecret: undefined,
      oidcName: 'OpenID',
      oidcRole: undefined,
      workers: 1,
      filesDir: undefined,
      maxFileSize: 52_428_800,
      s3Bucket: undefined,
      s3Endpoint: undefined,
      s3Region: 'us-east-1',
      s3AccessKey: undefined,
      s3SecretKey: undefined,
      poolSize: 10,
      statementTimeoutMs: 30_000,
    });
  });

  test('an empty variable counts as not set', () => {
    const empty = Object.fromEntries(
      Object.values(settings).flatMap(({ variable }) => [
        [variable, ''],
        [`${variable}_FILE`, ''],
      ]),
    );
    expect(loadConfig(empty)).toEqual(loadConfig({}));
  });

  test('the configuration is frozen', () => {
    expect(Object.isFrozen(loadConfig({}))).toBe(true);
  });
});

test('every variable is read', () => {
  const config = loadConfig({
    PORT: '0',
    HOST: '::',
    DATABASE_URL: 'postgres://user@/crm?host=/run/postgresql',
    FORMWORK_DATA_DIR: '/srv/data/../data',
    FORMWORK_METADATA_DIR: '/srv/app',
    FORMWORK_DEMO: '0',
    FORMWORK_ADMIN_EMAIL: 'admin@example.com',
    FORMWORK_ADMIN_PASSWORD: 'twelve chars',
    FORMWORK_RATE_LIMIT: '0.5',
    FORMWORK_TRUSTED_PROXIES: '2',
    FORMWORK_LOG_LEVEL: 'silent',
    FORMWORK_PUBLIC_URL: 'https://example.com/crm/',
    FORMWORK_SECRET_KEY: 'k'.repeat(32),
    FORMWORK_SMTP_URL: 'smtps://user:secret@mail.example.com',
    FORMWORK_MAIL_FROM: 'Formwork <formwork@example.com>',
    FORMWORK_OIDC_ISSUER: 'https://id.example.com/tenant',
    FORMWORK_OIDC_CLIENT_ID: 'formwork',
    FORMWORK_OIDC_CLIENT_SECRET: 'a secret',
    FORMWORK_OIDC_NAME: 'Example ID',
    FORMWORK_OIDC_ROLE: 'reader',
    FORMWORK_WORKERS: '0',
    FORMWORK_FILES_DIR: '/srv/files',
    FORMWORK_MAX_FILE_SIZE: '2147483647',
    FORMWORK_S3_BUCKET: 'records',
    FORMWORK_S3_ENDPOINT: 'https://s3.example.com',
    FORMWORK_S3_REGION: 'eu-north-1',
    FORMWORK_S3_ACCESS_KEY: 'key',
    FORMWORK_S3_SECRET_KEY: 'secret',
    FORMWORK_POOL_SIZE: '1000',
    FORMWORK_STATEMENT_TIMEOUT_MS: '0',
  });
  expect(config).toEqual({
    port: 0,
    host: '::',
    databaseUrl: 'postgres://user@/crm?host=/run/postgresql',
    dataDir: '/srv/data',
    metadataDir: '/srv/app',
    demo: false,
    adminEmail: 'admin@example.com',
    adminPassword: 'twelve chars',
    rateLimit: 0.5,
    trustedProxies: 2,
    logLevel: 'silent',
    publicUrl: 'https://example.com/crm',
    secretKey: 'k'.repeat(32),
    smtpUrl: 'smtps://user:secret@mail.example.com',
    mailFrom: 'Formwork <formwork@example.com>',
    oidcIssuer: 'https://id.example.com/tenant',
    oidcClientId: 'formwork',
    oidcClientSecret: 'a secret',
    oidcName: 'Example ID',
    oidcRole: 'reader',
    workers: 0,
    filesDir: '/srv/files',
    maxFileSize: 2_147_483_647,
    s3Bucket: 'records',
    s3Endpoint: 'https://s3.example.com',
    s3Region: 'eu-north-1',
    s3AccessKey: 'key',
    s3SecretKey: 'secret',
    poolSize: 1000,
    statementTimeoutMs: 0,
  });
  expect(loadConfig({ FORMWORK_RATE_LIMIT: 'off' }).rateLimit).toBe('off');
});

describe('a wrong value is refused', () => {
  test.each([
    ['PORT', '65536'],
    ['PORT', '3000.5'],
    ['PORT', ' 3000'],
    ['HOST', 'http://localhost'],
    ['DATABASE_URL', 'mysql://localhost/a'],
    ['DATABASE_URL', 'localhost'],
    ['FORMWORK_DATA_DIR', 'a\0b'],
    ['FORMWORK_METADATA_DIR', '\0'],
    ['FORMWORK_DEMO', 'yes'],
    ['FORMWORK_ADMIN_EMAIL', 'admin'],
    ['FORMWORK_ADMIN_PASSWORD', 'eleven char'],
    ['FORMWORK_RATE_LIMIT', '0'],
    ['FORMWORK_RATE_LIMIT', 'none'],
    ['FORMWORK_TRUSTED_PROXIES', 'true'],
    ['FORMWORK_TRUSTED_PROXIES', '33'],
    ['FORMWORK_LOG_LEVEL', 'verbose'],
    ['FORMWORK_PUBLIC_URL', 'example.com'],
    ['FORMWORK_PUBLIC_URL', 'https://example.com/?a=1'],
    ['FORMWORK_SECRET_KEY', 'short'],
    ['FORMWORK_SMTP_URL', 'mail.example.com'],
    ['FORMWORK_MAIL_FROM', 'nobody'],
    ['FORMWORK_MAIL_FROM', 'a@example.com\r\nBcc: b@example.com'],
    ['FORMWORK_OIDC_ISSUER', 'http://id.example.com'],
    ['FORMWORK_OIDC_ISSUER', 'https://id.example.com/?tenant=1'],
    ['FORMWORK_OIDC_NAME', 'x'.repeat(201)],
    ['FORMWORK_WORKERS', '-1'],
    ['FORMWORK_FILES_DIR', 'a\0b'],
    ['FORMWORK_MAX_FILE_SIZE', '2147483648'],
    ['FORMWORK_S3_ENDPOINT', 's3.example.com'],
    ['FORMWORK_POOL_SIZE', '0'],
    ['FORMWORK_STATEMENT_TIMEOUT_MS', '1s'],
  ])('%s=%j', (variable, text) => {
    const { allowed } = Object.values(settings).find((setting) => setting.variable === variable) ?? {};
    const load = () => loadConfig({ [variable]: text });
    expect(load).toThrow(variable);
    expect(load).toThrow(`allowed: ${allowed}`);
  });

  test('and all wrong ones are named at once', () => {
    expect(() => loadConfig({ PORT: 'x', FORMWORK_DEMO: '2', FORMWORK_LOG_LEVEL: 'loud' })).toThrow(
      'The configuration is not valid:\n' +
        '  PORT is "x"; allowed: a whole number from 0 to 65535\n' +
        '  FORMWORK_DEMO is "2"; allowed: 0 or 1\n' +
        '  FORMWORK_LOG_LEVEL is "loud"; allowed: one of trace, debug, info, warn, error, fatal, silent',
    );
  });

  test.each([
    ['FORMWORK_SMTP_URL', 'FORMWORK_MAIL_FROM', 'smtp://localhost'],
    ['FORMWORK_OIDC_ISSUER', 'FORMWORK_OIDC_CLIENT_ID', 'https://id.example.com'],
  ])('%s is worth nothing without %s', (variable, other, text) => {
    expect(() => loadConfig({ [variable]: text })).toThrow(`${variable} is set and ${other} is not; allowed: both or none`);
  });

  test.each(['DATABASE_URL', 'FORMWORK_ADMIN_PASSWORD', 'FORMWORK_SECRET_KEY', 'FORMWORK_SMTP_URL'])(
    'without showing that of %s',
    (variable) => {
      expect(() => loadConfig({ [variable]: 'hush-hush' })).toThrow(`${variable} is a hidden value of 9 characters`);
      expect(() => loadConfig({ [variable]: 'hush-hush' })).not.toThrow('hush-hush');
    },
  );
});

describe('a secret in a file', () => {
  test('is read, without the line end', () => {
    writeFileSync(join(folder, 'key'), `${'s'.repeat(40)}\n`);
    expect(loadConfig({ FORMWORK_SECRET_KEY_FILE: join(folder, 'key') }).secretKey).toBe('s'.repeat(40));
  });

  test('must not be given in the variable as well', () => {
    const both = { FORMWORK_SECRET_KEY: 'k'.repeat(32), FORMWORK_SECRET_KEY_FILE: join(folder, 'key') };
    expect(() => loadConfig(both)).toThrow('FORMWORK_SECRET_KEY and FORMWORK_SECRET_KEY_FILE are both set');
  });

  test('that is missing is named with its path', () => {
    const missing = join(folder, 'missing');
    expect(() => loadConfig({ FORMWORK_ADMIN_PASSWORD_FILE: missing })).toThrow(
      `FORMWORK_ADMIN_PASSWORD_FILE is "${missing}", which cannot be read (ENOENT)`,
    );
  });

  test('that is empty is refused, not taken for unset', () => {
    writeFileSync(join(folder, 'empty'), '\n');
    expect(() => loadConfig({ DATABASE_URL_FILE: join(folder, 'empty') })).toThrow(
      'DATABASE_URL is a hidden value of 0 characters',
    );
  });
});

describe('the public address', () => {
  test.each([
    [{ publicUrl: 'https://crm.example.com', host: '0.0.0.0' }, 'https://crm.example.com'],
    [{ publicUrl: undefined, host: '0.0.0.0' }, 'http://localhost:8080'],
    [{ publicUrl: undefined, host: '127.0.0.1' }, 'http://127.0.0.1:8080'],
    [{ publicUrl: undefined, host: '::1' }, 'http://[::1]:8080'],
  ])('of %j is %s', (config, expected) => {
    expect(publicUrl(config, 8080)).toBe(expected);
  });
});
