// What keeps the program from starting is told in a sentence, with an exit code, and leaves nothing behind.
import { once } from 'node:events';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { settings } from '../../server/config.ts';
import { packageRoot } from '../../server/package-root.ts';
import { migratedDatabase } from '../support/app.ts';
import { crmRegistry } from '../support/registry.ts';
import { adminVariables, signedIn } from './client.ts';
import { type Ended, programFolder, type Variables } from './program.ts';

const folder = programFolder();
afterAll(() => folder.remove());
afterEach(() => {
  expect(folder.processes()).toEqual([]);
  expect(folder.temporaries()).toEqual([]);
});

/** Runs the program to its end, which must come by itself, and without a stack. */
async function refused(args: readonly string[], variables: Variables): Promise<Ended> {
  const ended = await folder.run(args, variables).ended;
  expect(ended.signal).toBeNull();
  expect(ended.stderr + ended.stdout).not.toMatch(/(^|\\n)\s+at /m);
  return ended;
}

describe('settings', () => {
  const wrong: Variables = {
    PORT: '65536',
    HOST: 'http://localhost',
    DATABASE_URL: 'mysql://localhost',
    FORMWORK_DEMO: 'maybe',
    FORMWORK_ADMIN_EMAIL: 'boss',
    FORMWORK_ADMIN_PASSWORD: 'hush-hush',
    FORMWORK_RATE_LIMIT: 'none',
    FORMWORK_TRUSTED_PROXIES: 'some',
    FORMWORK_LOG_LEVEL: 'loud',
    FORMWORK_PUBLIC_URL: 'example.com',
    FORMWORK_SECRET_KEY: 'short',
    FORMWORK_SMTP_URL: 'mail.example.com',
    FORMWORK_MAIL_FROM: 'nobody',
    FORMWORK_OIDC_ISSUER: 'http://id.example.com',
    FORMWORK_OIDC_CLIENT_ID: 'x'.repeat(201),
    FORMWORK_OIDC_CLIENT_SECRET: 'x'.repeat(201),
    FORMWORK_OIDC_NAME: 'x'.repeat(201),
    FORMWORK_OIDC_ROLE: 'x'.repeat(201),
    FORMWORK_WORKERS: 'all',
    FORMWORK_MAX_FILE_SIZE: 'large',
    FORMWORK_S3_BUCKET: 'x'.repeat(201),
    FORMWORK_S3_ENDPOINT: 's3.example.com',
    FORMWORK_S3_REGION: 'x'.repeat(201),
    FORMWORK_S3_ACCESS_KEY: 'x'.repeat(201),
    FORMWORK_S3_SECRET_KEY: 'x'.repeat(201),
    FORMWORK_POOL_SIZE: '0',
    FORMWORK_STATEMENT_TIMEOUT_MS: '1s',
  };

  test.each(['start', 'worker', 'plan'])('that are wrong are all named by "%s", which ends with code 2', async (command) => {
    const { code, stderr } = await refused([command], wrong);
    expect(code).toBe(2);
    const named = stderr.split('\n').flatMap((line) => /^ {2}(\w+) is /.exec(line)?.[1] ?? []);
    // Any text but one with a zero byte is a path, and a process cannot be given that.
    const paths = ['FORMWORK_DATA_DIR', 'FORMWORK_FILES_DIR', 'FORMWORK_METADATA_DIR'];
    const all = Object.values(settings).map((setting) => setting.variable as string);
    expect(named.sort()).toEqual(all.filter((name) => !paths.includes(name)).sort());
    expect(stderr).not.toContain('hush-hush');
  });

  test('of a plugin that are wrong are named as well', async () => {
    const { code, stderr } = await refused(['start'], { FORMWORK_EMAIL_MX: 'perhaps' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The plugin email-mx cannot be loaded\. .*FORMWORK_EMAIL_MX/);
  });
});

test('a command that does not exist is named', async () => {
  const { code, stderr } = await refused(['strat'], {});
  expect(code).toBe(1);
  expect(stderr).toBe("error: unknown command 'strat'\n(Did you mean start?)\n");
});

describe('metadata', () => {
  test('with findings are refused, each with its file, its place and a sentence', async () => {
    const broken = join(folder.path, 'broken');
    cpSync(join(packageRoot(), 'test', 'fixtures', 'library'), broken, { recursive: true });
    writeFileSync(join(broken, 'entities', 'authors.entity.json'), '{ "name": "authors", ');
    writeFileSync(join(broken, 'roles', 'reader.role.json'), '{ "id": "role_reader", "name": "reader", "label": 7 }');
    const { code, stderr } = await refused(['start'], { FORMWORK_METADATA_DIR: broken });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The metadata is not valid \(\d+ findings\):\n/);
    expect(stderr).toMatch(/^ {2}broken\/entities\/authors\.entity\.json:1: Not valid JSON at line 1, column \d+/m);
    expect(stderr).toMatch(/^ {2}broken\/roles\/reader\.role\.json:1 \/label: \S+/m);
  });

  test.each([
    ['a folder without app.json', 'empty'],
    ['a folder that does not exist', 'nowhere'],
  ])('are missing in %s', async (_name, name) => {
    mkdirSync(join(folder.path, 'empty'), { recursive: true });
    const { code, stderr } = await refused(['start'], { FORMWORK_METADATA_DIR: join(folder.path, name) });
    expect(code).toBe(1);
    expect(stderr).toBe(
      `The metadata is not valid (one finding):\n  ${name}/app.json: The file is missing; the folder is no application without it.\n`,
    );
  });
});

describe('the database', () => {
  test('that refuses is quoted, and the variable that names it', async () => {
    const database = await migratedDatabase(await crmRegistry());
    const missing = database.url.replace(database.name, 'no_such_database');
    await database.drop();
    for (const command of ['start', 'status']) {
      const { code, stderr } = await refused([command], { DATABASE_URL: missing });
      expect(code).toBe(1);
      expect(stderr).toBe('DATABASE_URL: database "no_such_database" does not exist\n');
    }
  });

  test('that cannot be reached is waited for, until somebody ends that', async () => {
    const program = folder.run(['start'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    await program.says(/"reason":"connect ECONNREFUSED 127\.0\.0\.1:1".*The database cannot be reached yet/);
    program.signal('SIGTERM');
    expect(await program.ended).toMatchObject({ signal: 'SIGTERM', stderr: '' });
  });

  test('folder that is none is named', async () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    const { code, stderr } = await refused(['start'], { FORMWORK_DATA_DIR: join(file, 'd') });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^FORMWORK_DATA_DIR: ENOTDIR/);
  });
});

describe('the address', () => {
  test('that is taken is named, and the password of the first administrator is not lost with that start', async () => {
    const database = await migratedDatabase(await crmRegistry());
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    const DATABASE_URL = database.url;
    try {
      const { code, stderr } = await refused(['start'], { DATABASE_URL, PORT: String(port) });
      expect(code).toBe(1);
      expect(stderr).toBe(
        `The server cannot listen on port ${port} of 127.0.0.1: another program listens there; set PORT to a free one.\n`,
      );
      const program = folder.run(['start'], { DATABASE_URL });
      const url = await program.ready();
      const [, password = ''] = await program.says(/with the password (\S+)/);
      await signedIn(`${url}/crm/v1`, 'admin@example.com', password);
      program.signal('SIGTERM');
      expect(await program.ended).toMatchObject({ code: 0 });
    } finally {
      squatter.close();
      await database.drop();
    }
  });

  test('that is not of this machine is named', async () => {
    const database = await migratedDatabase(await crmRegistry());
    try {
      // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
      const { code, stderr } = await refused(['start'], { DATABASE_URL: database.url, HOST: '192.0.2.1', ...adminVariables });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^The server cannot listen on port 0 of 192\.0\.2\.1: this machine has no such address; set HOST/);
    } finally {
      await database.drop();
    }
  });
});
