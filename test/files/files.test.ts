// Files of records: uploaded in a stream, told by their bytes, read by whoever may read the field, gone when nobody holds them.
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cleanUpFiles } from '../../server/files/clean-up.ts';
import { fileServices } from '../../server/files/file-services.ts';
import { specimensRegistry } from '../fields/support/specimens.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type Answer, signIn } from '../support/requests.ts';
import { type FileAnswer, fileClient, type Row } from './support/file-client.ts';
import { pdf, png } from './support/images.ts';

let app: TestApp;
let folder: string;
let upload: ReturnType<typeof fileClient>['upload'];
let download: ReturnType<typeof fileClient>['download'];
const tokens = new Map<string, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'formwork-files-'));
  app = await startTestApp({
    registry: await specimensRegistry(),
    environment: { FORMWORK_FILES_DIR: folder, FORMWORK_MAX_FILE_SIZE: '8000000' },
  });
  ({ upload, download } = fileClient(app));
  for (const role of ['visitor', 'keeper']) {
    const email = `${role}@example.com`;
    const person = { email, password: 'correct horse battery', first_name: 'A', last_name: role, roles: [role] };
    dataOf(await app.request('POST', '/users', { body: person }));
    tokens.set(role, await signIn(app.base, email, person.password));
  }
});
afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

const dataOf = ({ status, body }: Answer | FileAnswer): Row => {
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return (body as { data: Row }).data;
};
const findings = ({ status, body }: Answer | FileAnswer): unknown => [
  status,
  ...[...((body as { errors?: readonly Row[] }).errors ?? [])].map(({ pointer, code }) => `${pointer} ${code}`),
];
const uploaded = async (...given: Parameters<typeof upload>): Promise<Row> => dataOf(await upload(...given));
const name = { given: 'Mary', family: 'Anning' };
const make = async (more: object, token?: string): Promise<Row> =>
  dataOf(await app.request('POST', '/specimens', { body: { name, ...more }, ...(token === undefined ? {} : { token }) }));
const patch = (id: unknown, body: object): Promise<Answer> => app.request('PATCH', `/specimens/${id}`, { body });
/** The digests that bytes are kept for. */
const kept = (): string[] =>
  existsSync(join(folder, 'content'))
    ? readdirSync(join(folder, 'content'), { recursive: true, encoding: 'utf8' }).filter((path) => /[0-9a-f]{64}$/.test(path))
    : [];
const cleanUp = (): Promise<number> =>
  cleanUpFiles({ knex: app.knex, registry: app.parts.registry, files: fileServices(app.parts.config) });

describe('a file', () => {
  test('is uploaded, named by a record, and downloaded as it was', async () => {
    const file = await uploaded(pdf, { name: 'Jaw of Lyme Regis.pdf' });
    expect(file).toEqual({
      id: expect.any(String),
      name: 'Jaw of Lyme Regis.pdf',
      type: 'application/pdf',
      size: pdf.length,
    });
    const record = await make({ scan: { id: file['id'] } });
    expect(record['scan']).toEqual(file);
    const answer = await download(record['id']);
    expect(answer.bytes).toEqual(pdf);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(pdf.length),
      'content-disposition': 'attachment; filename="Jaw of Lyme Regis.pdf"',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-cache',
      'accept-ranges': 'bytes',
      etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
    });
  });

  test('is not sent again to who has it, and in parts to who asks for one', async () => {
    const bytes = Buffer.from('0123456789');
    const { id } = await make({ scan: await uploaded(bytes, { name: 'digits.txt' }) });
    const etag = String((await download(id)).headers.get('etag'));
    expect((await download(id, 'scan', { headers: { 'If-None-Match': etag } })).status).toBe(304);
    const part = async (headers: Record<string, string>) => {
      const answer = await download(id, 'scan', { headers });
      return [answer.status, answer.headers.get('content-range'), answer.headers.get('content-length'), answer.bytes.toString()];
    };
    expect(await part({ Range: 'bytes=2-4' })).toEqual([206, 'bytes 2-4/10', '3', '234']);
    expect(await part({ Range: 'bytes=-3' })).toEqual([206, 'bytes 7-9/10', '3', '789']);
    expect(await part({ Range: 'bytes=8-99' })).toEqual([206, 'bytes 8-9/10', '2', '89']);
    expect(await part({ Range: 'bytes=1-2', 'If-Range': etag })).toEqual([206, 'bytes 1-2/10', '2', '12']);
    expect(await part({ Range: 'bytes=1-2', 'If-Range': '"other"' })).toEqual([200, null, '10', '0123456789']);
    expect(await part({ Range: 'bytes=0-1,5-6' })).toEqual([200, null, '10', '0123456789']);
    expect(await part({ Range: 'lines=1-2' })).toEqual([200, null, '10', '0123456789']);
    const beyond = await download(id, 'scan', { headers: { Range: 'bytes=10-' } });
    expect([beyond.status, beyond.headers.get('content-range'), beyond.body.code]).toEqual([
      416,
      'bytes */10',
      'range_not_satisfiable',
    ]);
    const head = await download(id, 'scan', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), head.bytes.length]).toEqual([200, '10', 0]);
  });

  test('of many megabytes is written to the disk while it comes', async () => {
    const piece = 64 * 1024;
    const count = 100;
    let sent = 0;
    let written = 0;
    const arriving = (): number =>
      readdirSync(join(folder, 'arriving')).reduce((sum, path) => sum + statSync(join(folder, 'arriving', path)).size, 0);
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        // Half of it has to be there before the other half is sent.
        for (let tries = 0; sent === count / 2 && written < (sent - 20) * piece && tries < 500; tries++) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          written = arriving();
        }
        if (sent === count) controller.close();
        else controller.enqueue(new Uint8Array(piece).fill(7));
        sent += 1;
      },
    });
    expect(await uploaded(body)).toMatchObject({ size: piece * count, type: 'application/octet-stream' });
    expect(written).toBeGreaterThanOrEqual((count / 2 - 20) * piece);
  });

  test('is one for a repeated request, and another for the same bytes under another key', async () => {
    const headers = { 'Idempotency-Key': 'the-same' };
    const [first, again] = [await upload(pdf, { headers }), await upload(pdf, { headers })];
    expect([first.body, again.headers.get('idempotent-replayed')]).toEqual([again.body, 'true']);
    expect((await upload(png(1, 1), { headers })).body.code).toBe('idempotency_key_reused');
    expect((await uploaded(pdf))['id']).not.toBe(first.body.data?.['id']);
    expect((await upload(pdf, { headers: { 'Idempotency-Key': '' } })).body.code).toBe('idempotency_key_missing');
  });

  test('is refused where it is not what the field takes, with nothing kept of it', async () => {
    const before = kept().length;
    const image = { field: 'photo', name: 'x.png' };
    expect(findings(await upload(pdf, image))).toEqual([422, ' file_type']);
    expect(findings(await upload('<svg xmlns="http://www.w3.org/2000/svg"/>', image))).toEqual([422, ' file_type']);
    expect(findings(await upload('<script>alert(1)</script>', image))).toEqual([422, ' file_type']);
    expect(findings(await upload(png(10, 10).subarray(0, 20), image))).toEqual([422, ' image']);
    expect(findings(await upload(png(301, 1), image))).toEqual([422, ' image_width']);
    expect(findings(await upload(Buffer.alloc(0)))).toEqual([422, ' empty']);
    const large = await upload(Buffer.alloc(8_000_001));
    expect([large.status, large.body.code]).toEqual([413, 'too_large']);
    expect(findings(await upload(pdf, { name: null }))).toEqual([400, 'X-File-Name file_name']);
    expect(findings(await upload(pdf, { name: '..' }))).toEqual([400, 'X-File-Name file_name']);
    expect(findings(await upload(pdf, { headers: { 'X-File-Name': '%E0%A4%A' } }))).toEqual([400, 'X-File-Name file_name']);
    expect(findings(await upload(pdf, { field: 'nothing' }))).toEqual([400, '?field file_field']);
    expect(findings(await upload(pdf, { field: 'name' }))).toEqual([400, '?field file_field']);
    expect((await upload(pdf, { entity: 'nothing' })).status).toBe(404);
    expect([kept().length, readdirSync(join(folder, 'arriving'))]).toEqual([before, []]);
  });

  test.each([
    ['page.html', '<!doctype html><script>alert(1)</script>', 'application/octet-stream'],
    ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'application/octet-stream'],
    ['data.xml', '<?xml version="1.0"?><a/>', 'application/octet-stream'],
    ['notes.txt', 'plain', 'text/plain; charset=utf-8'],
  ])('that is a document is never drawn in a page: %s', async (fileName, content, type) => {
    const { id } = await make({ scan: await uploaded(content, { name: fileName }) });
    const { headers } = await download(id, 'scan', { query: '?disposition=inline' });
    expect([headers.get('content-disposition'), headers.get('content-type')]).toEqual([
      `attachment; filename="${fileName}"`,
      expect.stringContaining(type.split(';')[0] ?? ''),
    ]);
  });

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ada\\notes.txt', 'notes.txt'],
    ['invoice\u202Egpj.exe', 'invoicegpj.exe'],
    ['a\u0000b\r\nc.txt', 'abc.txt'],
    ['تقرير الربع.pdf', 'تقرير الربع.pdf'],
    [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(251)}.pdf`],
  ])('has a name that is only shown: %j', async (given, expected) => {
    const { id, scan } = await make({ scan: await uploaded(pdf, { name: given }) });
    expect(scan).toMatchObject({ name: expected });
    const disposition = String((await download(id)).headers.get('content-disposition'));
    expect(disposition).not.toMatch(/[\r\n/\\]/);
    const renamed = dataOf(await patch(id, { scan: { name: `b/${given}` } }));
    expect(renamed['scan']).toMatchObject({ name: expected, type: 'application/pdf' });
  });
});

describe('an image', () => {
  test('tells its width and height, which lists filter by, and may be drawn in a page', async () => {
    const photo = await uploaded(png(30, 20), { field: 'photo', name: 'cliff.png' });
    expect(photo).toMatchObject({ type: 'image/png', width: 30, height: 20 });
    const { id } = await make({ photo: { id: photo['id'], width: 1, type: 'text/html' } });
    const found = async (query: string) => (await app.request('GET', `/specimens?fields=photo&${query}`)).body['data'];
    expect(await found('photo.width[eq]=30&photo.name[icontains]=CLIFF')).toMatchObject([
      { photo: { height: 20, type: 'image/png' } },
    ]);
    const { body } = await app.request('POST', '/graphql', {
      body: { query: '{ specimens(filter: { photo: { height: { eq: "20" } } }) { nodes { id photo } } }' },
    });
    expect(body['data']?.['specimens']).toMatchObject({ nodes: [{ id, photo: { name: 'cliff.png' } }] });
    const shown = await download(id, 'photo', { query: '?disposition=inline' });
    expect(shown.headers.get('content-disposition')).toBe('inline; filename="cliff.png"');
    const csv = await app.request('GET', `/specimens/export?fields=photo&id[eq]=${id}`);
    expect(csv.body).toBe(
      `photo.id,photo.name,photo.type,photo.size,photo.width,photo.height\n${photo['id']},cliff.png,image/png,${photo['size']},30,20\n`,
    );
  });
});

describe('the rights to a file', () => {
  const as = (role: string) => ({ token: String(tokens.get(role)) });

  test('are those to the field of the record: closed, masked, or of a record that is not theirs, it is not there', async () => {
    const scan = await uploaded(pdf);
    const photo = await uploaded(png(5, 5), { field: 'photo' });
    const { id } = await make({ scan, photo, dive: 3600 });
    const short = await make({ scan: await uploaded(pdf), dive: 5 });
    expect((await download(id)).status).toBe(200);
    expect((await download(id, 'scan', as('visitor'))).status).toBe(404);
    expect((await download(id, 'photo', as('visitor'))).status).toBe(404);
    expect((await download(id, 'scan', as('keeper'))).status).toBe(404);
    expect((await download(short['id'], 'scan', as('keeper'))).status).toBe(200);
    expect((await download(scan['id'])).status).toBe(404);
    expect((await download(id, 'name')).status).toBe(404);
    expect((await download(id, 'scan', { token: 'none' })).status).toBe(401);
  });

  test('let nobody take the upload of another, for another field, or of another record', async () => {
    const mine = await uploaded(pdf);
    const post = (body: object, role?: string) =>
      app.request('POST', '/specimens', { body: { name, dive: 1, ...body }, ...(role === undefined ? {} : as(role)) });
    expect(findings(await post({ scan: mine }, 'keeper'))).toEqual([422, '/scan/id file']);
    expect(findings(await post({ photo: { id: mine['id'] } }))).toEqual([422, '/photo/id file']);
    expect(findings(await post({ scan: mine }))).toEqual([201]);
    expect(findings(await post({ scan: mine }))).toEqual([422, '/scan/id file']);
    expect(findings(await post({ scan: { id: '01890000-0000-7000-8000-00000000000a' } }))).toEqual([422, '/scan/id file']);
    expect(findings(await post({ scan: 'x' }))).toEqual([422, '/scan/id id']);
  });

  test('let only those upload who may set the field', async () => {
    expect((await upload(pdf, as('visitor'))).status).toBe(400);
    expect((await upload(pdf, as('keeper'))).status).toBe(201);
    expect((await upload(pdf, { token: 'none' })).status).toBe(401);
  });
});

describe('the bytes', () => {
  test('stay while a record holds them, deleted or not, come back with what was replaced, and go with a purge', async () => {
    await app.knex.raw("UPDATE library.lib_files SET created_at = now() - interval '2 days' WHERE record_id IS NULL");
    await cleanUp();
    const start = kept().length;
    const [one, two] = [await uploaded(png(1, 1, 1), { name: 'one.png' }), await uploaded(png(1, 1, 2), { name: 'two.png' })];
    const { id } = await make({ scan: one });
    dataOf(await patch(id, { scan: two }));
    expect(await cleanUp()).toBe(0);
    expect(dataOf(await patch(id, { scan: { id: one['id'] } }))['scan']).toMatchObject({ name: 'one.png' });
    dataOf(await patch(id, { scan: null }));
    expect((await download(id)).status).toBe(404);
    dataOf(await patch(id, { scan: one['id'] }));
    await app.request('DELETE', `/specimens/${id}`);
    expect([(await download(id)).status, await cleanUp()]).toEqual([404, 0]);
    await app.request('POST', `/specimens/${id}/restore`);
    expect((await download(id)).bytes).toEqual(png(1, 1, 1));
    expect(kept()).toHaveLength(start + 2);
    await app.knex.raw("UPDATE library.lib_files SET detached_at = now() - interval '31 days' WHERE detached_at IS NOT NULL");
    expect([await cleanUp(), kept().length]).toEqual([1, start + 1]);
    expect((await app.request('DELETE', `/specimens/${id}?purge=true`)).status).toBe(204);
    expect([await cleanUp(), kept().length]).toEqual([1, start]);
  });

  test('of several records are kept once, until the last of them is gone; of an upload that no record took, a day', async () => {
    const start = kept().length;
    const bytes = png(2, 2, 3);
    const records = [await make({ scan: await uploaded(bytes) }), await make({ scan: await uploaded(bytes) })];
    await uploaded(png(2, 2, 4));
    expect(kept()).toHaveLength(start + 2);
    for (const [at, { id }] of records.entries()) {
      await app.request('DELETE', `/specimens/${id}?purge=true`);
      expect([await cleanUp(), kept().length]).toEqual([1, start + 2 - at]);
    }
    await app.knex.raw("UPDATE library.lib_files SET created_at = now() - interval '25 hours' WHERE record_id IS NULL");
    expect([await cleanUp(), kept().length]).toEqual([1, start]);
  });
});
