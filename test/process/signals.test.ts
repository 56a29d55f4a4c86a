// Signals: what runs is finished, everything ends, and a second signal ends it at once.
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { adminVariables, send, signedIn } from './client.ts';
import { type Program, programFolder, until } from './program.ts';

// One folder for all: each start after the first finds its database.
const folder = programFolder();
afterAll(() => folder.remove());
afterEach(async () => {
  await until(() => folder.processes().length === 0, 'PostgreSQL and the workers to be gone');
  expect(folder.temporaries()).toEqual([]);
});

interface HalfRequest {
  /** Sends the rest of the body. */
  finish(): void;
  readonly answer: Promise<{ readonly status: number | undefined; readonly body: string }>;
}

/** A request that the server has begun to work on and whose body is not complete. */
async function halfRequest(url: string, body: object): Promise<HalfRequest> {
  const { body: signIn } = await send('POST', `${url}/crm/v1/auth/login`, {}, credentials);
  const json = JSON.stringify(body);
  const outgoing: ClientRequest = request(`${url}/crm/v1/accounts`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${signIn['data']?.['access_token']}`,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(json),
      'Idempotency-Key': crypto.randomUUID(),
      // The server says 100 once it has taken the request up.
      Expect: '100-continue',
    },
  });
  const answer = (async () => {
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    return { status: incoming.statusCode, body: await text(incoming) };
  })();
  answer.catch(() => undefined);
  outgoing.flushHeaders();
  await once(outgoing, 'continue');
  outgoing.write(json.slice(0, 5));
  return { finish: () => outgoing.end(json.slice(5)), answer };
}

const credentials = {
  email: adminVariables.FORMWORK_ADMIN_EMAIL,
  password: adminVariables.FORMWORK_ADMIN_PASSWORD,
};

async function started(): Promise<{ readonly program: Program; readonly url: string }> {
  const program = folder.run(['start'], { ...adminVariables, FORMWORK_LOG_LEVEL: 'info' });
  const url = await program.ready();
  await until(() => workersOf(program).length > 0, 'the worker to run');
  return { program, url };
}

/** Workers that have opened the database, as they log. */
const workersOf = (program: Program): readonly string[] => program.output().match(/"name":"worker".*The database is open/g) ?? [];

describe.each([
  ['SIGTERM', 'to the server'],
  ['SIGINT', 'to the whole group, as Ctrl-C sends it'],
  ['SIGHUP', 'to the whole group, as a closed terminal sends it'],
] as const)('%s %s', (signal, whom) => {
  test('lets the running request finish, takes no other, and ends everything with code 0', async () => {
    const { program, url } = await started();
    const half = await halfRequest(url, { name: `Finished in spite of ${signal}` });
    program.signal(signal, { group: whom !== 'to the server' });
    await program.says(new RegExp(`${signal}: finishing what runs`));
    await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed');
    half.finish();
    const { status, body } = await half.answer;
    expect(status).toBe(201);
    expect(JSON.parse(body)).toMatchObject({ data: { name: `Finished in spite of ${signal}` } });
    const { code, stderr, stdout } = await program.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/"level":"(warn|error|fatal)"/);
  });
});

test('the same wish twice, as npm passes Ctrl-C on once more, is one', async () => {
  const { program, url } = await started();
  const half = await halfRequest(url, { name: 'Asked twice' });
  program.signal('SIGINT', { group: true });
  await program.says(/finishing what runs/);
  program.signal('SIGINT');
  half.finish();
  expect((await half.answer).status).toBe(201);
  expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
});

test('a second signal later ends it at once, and what was written before is there at the next start', async () => {
  const { program, url } = await started();
  const client = await signedIn(`${url}/crm/v1`);
  expect((await client.post('/accounts', { name: 'Before the hurry' })).status).toBe(201);
  const half = await halfRequest(url, { name: 'Never finished' });
  program.signal('SIGTERM');
  await program.says(/finishing what runs/);
  await sleep(1_000);
  program.signal('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 1, signal: null, stderr: '' });
  await expect(half.answer).rejects.toThrow(/socket hang up|ECONNRESET/);
  await until(() => folder.processes().length === 0, 'PostgreSQL and the workers to be gone');

  const next = await started();
  const names = await (await signedIn(`${next.url}/crm/v1`)).get('/accounts?sort=name&limit=100');
  const accounts = names.body['data'];
  expect(accounts).toContainEqual(expect.objectContaining({ name: 'Before the hurry' }));
  expect(accounts).not.toContainEqual(expect.objectContaining({ name: 'Never finished' }));
  next.program.signal('SIGTERM');
  expect(await next.program.ended).toMatchObject({ code: 0 });
});

test('a signal while it starts ends it, and PostgreSQL with it', async () => {
  const program = folder.run(['start'], { ...adminVariables, FORMWORK_LOG_LEVEL: 'info' });
  await program.says(/The database is open/);
  program.signal('SIGINT', { group: true });
  expect(await program.ended).toMatchObject({ signal: 'SIGINT', stderr: '' });
});
