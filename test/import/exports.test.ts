// Exports as files of every format, streamed and in the background, and workbooks and lines of JSON on their way in.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readXlsx } from '../../server/import/formats/xlsx.ts';
import type { Actor } from '../../server/repository/actor.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { signIn } from '../support/requests.ts';
import { type Row, startTransfers, type Transfers } from './transfer-client.ts';

let app: TestApp;
let transfers: Transfers;
let acting: Actor | undefined;
beforeAll(async () => {
  app = await startTestApp();
  transfers = await startTransfers(app, () => acting ?? app.context().actor);
  const rows = Array.from({ length: 1_100 }, (_, at) => ({
    external_id: `E${at}`,
    name: `=Account ${String(at).padStart(4, '0')}`,
  }));
  await app.repository.transaction(app.context(), async (inner) => {
    for (const row of rows) await app.repository.create(inner, 'accounts', row);
  });
}, 120_000);
afterAll(async () => {
  await transfers.stop();
  await app.stop();
});

const dataOf = ({ status, body }: { readonly status: number; readonly body: unknown }): Row => {
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return (body as { readonly data: Row }).data;
};
async function sheet(bytes: Buffer): Promise<readonly (readonly unknown[])[]> {
  const file = await readXlsx(
    (async function* () {
      yield bytes;
    })(),
  );
  const rows: (readonly unknown[])[] = [file.header];
  for await (const { cells } of file.rows) rows.push(cells);
  return rows;
}
const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

describe('an export in the background', () => {
  test('makes a file that is there for thirty days, and tells how far it is', async () => {
    const query = 'fields=external_id,name,industry&name[startsWith]=%3DAccount&sort=name';
    const started = await transfers.post('/accounts/export', { format: 'csv', query });
    expect(started).toMatchObject({ status: 202, body: { data: { status: 'queued' } } });
    const record = await transfers.finished(started.location);
    expect(record).toMatchObject({
      status: 'completed',
      entity: 'accounts',
      file_name: 'accounts.csv',
      rows_total: 1_100,
      rows_written: 1_100,
      owner_id: app.adminId,
    });
    const { status, headers, bytes } = await transfers.bytes(`${started.location}/file`);
    expect([status, headers.get('content-type'), headers.get('content-disposition')]).toEqual([
      200,
      'text/csv; charset=utf-8',
      'attachment; filename="accounts.csv"',
    ]);
    expect(bytes.length).toBe(Number(record['size_bytes']));
    const lines = bytes.toString().trimEnd().split('\n');
    expect([lines.length, lines[1]]).toEqual([1_101, "E0,'=Account 0000,"]);
  });

  test('is a workbook where one is asked for, and the streamed one is the same', async () => {
    const query = 'fields=external_id,name&name[startsWith]=%3DAccount&sort=name';
    const started = await transfers.post('/accounts/export', { format: 'xlsx', query });
    await transfers.finished(started.location);
    const { headers, bytes } = await transfers.bytes(`${started.location}/file`);
    expect(headers.get('content-type')).toBe(xlsxType);
    const rows = await sheet(bytes);
    expect([rows.length, ...rows.slice(0, 2)]).toEqual([1_101, ['external_id', 'name'], ['E0', '=Account 0000']]);
    expect(await sheet((await transfers.bytes(`/accounts/export?format=xlsx&${query}`)).bytes)).toEqual(rows);
  });

  test('is refused where an export is, and cancelled only while it is under way', async () => {
    const status = async (path: string, body: object): Promise<number> => (await transfers.post(path, body)).status;
    expect(await status('/accounts/export', { format: 'pdf' })).toBe(400);
    expect(await status('/accounts/export', { query: 'colour=red' })).toBe(400);
    expect(await status('/accounts/export', { query: 7 })).toBe(422);
    expect(await status('/auditlog/export', {})).toBe(405);
    const { location } = await transfers.post('/campaigns/export', {});
    await transfers.finished(location);
    expect(await status(`${location}/cancel`, {})).toBe(409);
  });

  test('has the rights that its user has when it runs, and its file is for nobody else', async () => {
    const all = app.context().actor;
    acting = { ...all, access: (entity, operation) => (operation === 'export' ? 'none' : all.access(entity, operation)) };
    const refused = await transfers.post('/accounts/export', {});
    expect(await transfers.finished(refused.location)).toMatchObject({ status: 'failed', error: 'You may not export accounts.' });
    expect((await transfers.bytes(`${refused.location}/file`)).status).toBe(404);
    acting = undefined;

    const { location } = await transfers.post('/accounts/export', { query: 'fields=name' });
    await transfers.finished(location);
    const person = {
      email: 'other@example.com',
      password: 'correct horse battery',
      first_name: 'O',
      last_name: 'Ther',
      roles: ['admin'],
    };
    dataOf(await app.request('POST', '/users', { body: person }));
    const token = await signIn(app.base, person.email, person.password);
    const path = location.replace(app.registry.app.basePath, '');
    expect((await app.request('GET', path, { token })).status).toBe(200);
    expect((await app.request('GET', `${path}/file`, { token })).status).toBe(404);
  });

  test('holds as many records as the roles of who asks let out at once, and no part of more', async () => {
    acting = { ...app.context().actor, exportLimit: () => 1_000 };
    const { location } = await transfers.post('/accounts/export', { query: 'name[startsWith]=%3DAccount' });
    expect(await transfers.finished(location)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('Your roles let out 1000 records at once, and these are 1100'),
    });
    const part = await transfers.post('/accounts/export', { query: 'external_id[in]=E1,E2' });
    expect(await transfers.finished(part.location)).toMatchObject({ status: 'completed', rows_written: 2 });
    acting = undefined;
  });

  test('that is cancelled before it begins makes no file', async () => {
    await transfers.stop();
    const { location } = await transfers.post('/accounts/export', {});
    expect(await transfers.post(`${location}/cancel`)).toMatchObject({ status: 200, body: { data: { status: 'cancelled' } } });
    transfers = await startTransfers(app);
    const after = await transfers.post('/campaigns/export', {});
    await transfers.finished(after.location);
    expect(await transfers.finished(location)).toMatchObject({ status: 'cancelled', rows_written: 0 });
  });
});

describe('a file of another format', () => {
  test('is imported as it was exported: a workbook, and lines of JSON', async () => {
    for (const [format, type] of [
      ['xlsx', xlsxType],
      ['ndjson', 'application/x-ndjson'],
    ] as const) {
      const { bytes } = await transfers.bytes(`/accounts/export?format=${format}&fields=external_id,name&external_id[in]=E1,E2`);
      const changed = format === 'ndjson' ? Buffer.from(bytes.toString().replaceAll('=Account', '=Changed')) : bytes;
      const told = dataOf(await transfers.file('/accounts/import/preview', type, changed));
      expect(told).toMatchObject({ format, rows: 2, header: ['external_id', 'name'] });
      const started = await transfers.post('/accounts/import', { file: told['file'], mapping: told['mapping'] });
      expect(await transfers.finished(started.location)).toMatchObject({
        status: 'completed',
        [format === 'ndjson' ? 'rows_updated' : 'rows_unchanged']: 2,
      });
    }
  });

  test('is refused when it is not what it says', async () => {
    const refused = async (type: string, body: string): Promise<unknown> => {
      const { status, body: answer } = await transfers.file('/accounts/import/preview', type, body);
      return [status, answer['detail']];
    };
    expect(await refused(xlsxType, 'a,b\n1,2\n')).toEqual([422, 'The file is not an XLSX workbook that can be read.']);
    expect(await refused('application/jsonl', '{"a":1}\nb\n')).toEqual([422, 'Line 2 is not a JSON object.']);
    expect(await refused('text/csv', '')).toEqual([422, expect.stringContaining('The file is empty')]);
  });
});
