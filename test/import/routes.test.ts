// Import and export over HTTP: queued with its record, run in the background, repeated safely, streamed out and back in.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { importQueue, startImports } from '../../server/import/import-job.ts';
import { type Jobs, startJobs } from '../../server/jobs/queue.ts';
import type { Actor } from '../../server/repository/actor.ts';
import { systemContext } from '../../server/repository/context.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { watchedFetch } from '../support/watched-fetch.ts';

const mapping = {
  fields: { external_id: { column: 'id' }, name: { column: 'name' }, phone: { column: 'phone', onInvalid: 'rejectField' } },
};
const csv = 'id,name,phone\n1,"Ärzte, Berlin",+442079460958\n2,Beta,12\n3,,\n';

describe('import over HTTP', () => {
  let app: TestApp;
  let jobs: Jobs;
  let actor: Actor | undefined;
  beforeAll(async () => {
    app = await startTestApp();
    actor = app.context().actor;
    jobs = await startJobs({ url: app.parts.database.url, schema: 'crm_queue', log: createLog({ level: 'fatal' }) });
    const { repository, registry } = app.parts;
    await startImports({ repository, knex: app.knex, jobs, registry, actorById: async () => actor, onError: () => undefined });
  });
  afterAll(async () => {
    await jobs.stop();
    await app.stop();
  });

  type Row = Readonly<Record<string, unknown>>;
  const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    app.request('POST', path, { body, headers });
  const csvType = { 'Content-Type': 'text/csv; charset=utf-8' };
  const query = (given: unknown) => `?mapping=${encodeURIComponent(typeof given === 'string' ? given : JSON.stringify(given))}`;
  async function finished(location: string | null): Promise<Row> {
    for (;;) {
      const data = (await app.request('GET', String(location).replace(app.registry.app.basePath, ''))).body[
        'data'
      ] as never as Row;
      if (!['queued', 'running'].includes(String(data['status']))) return data;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  test('answers at once with the record of the import, which then tells how it went', async () => {
    const started = await post(`/accounts/import${query(mapping)}`, csv, { ...csvType, 'X-File-Name': 'clinics.csv' });
    expect(started.status).toBe(202);
    const id = started.body['data']?.['id'];
    expect(started.headers.get('location')).toBe(`/crm/v1/imports/${id}`);
    const done = await finished(started.headers.get('location'));
    expect(done).toMatchObject({
      file_name: 'clinics.csv',
      entity: 'accounts',
      status: 'completed_with_rejects',
      owner_id: app.adminId,
      rows_read: 3,
      rows_accepted: 2,
      rows_rejected: 1,
      rows_created: 2,
      fields_rejected: 1,
      error: null,
    });
    expect((done['rejects'] as Row[]).map(({ row, field, value, code }) => [row, field, value, code])).toEqual([
      [3, 'phone', '12', 'phone'],
      [4, 'name', '', 'required'],
    ]);
    const list = await app.request('GET', '/accounts?external_id[in]=1,2&sort=name&fields=name,created_by');
    expect(list.body['data']).toMatchObject([{ name: 'Beta', created_by: app.adminId }, { name: 'Ärzte, Berlin' }]);
  });

  test('takes JSON with a mapping and a text, and a clean file is complete', async () => {
    const started = await post('/accounts/import', { mapping, csv: 'id,name,phone\n2,Beta,\n' });
    expect(await finished(started.headers.get('location'))).toMatchObject({
      status: 'completed',
      rows_unchanged: 1,
      rejects: null,
    });
  });

  test('a repeated request is answered again and imports once', async () => {
    const headers = { ...csvType, 'Idempotency-Key': `"${randomUUID()}"` };
    const path = `/accounts/import${query(mapping)}`;
    const first = await post(path, 'id,name,phone\n9,Once,\n', headers);
    const second = await post(path, 'id,name,phone\n9,Once,\n', headers);
    expect(second.status).toBe(202);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.body).toEqual(first.body);
    expect((await post(path, 'id,name,phone\n9,Other,\n', headers)).body['code']).toBe('idempotency_key_reused');
    await finished(first.headers.get('location'));
  });

  test('refuses at once what could never be imported', async () => {
    const refused = async (path: string, body: unknown, headers: Readonly<Record<string, string>> = csvType) => {
      const { status, body: answer } = await post(path, body, headers);
      const [issue] = (answer['errors'] ?? []) as never as { pointer: string; code: string }[];
      return [status, answer['code'], issue?.pointer, issue?.code];
    };
    const path = `/accounts/import${query(mapping)}`;
    expect(await refused(`/accounts/import${query('none')}`, csv)).toEqual([
      422,
      'validation_failed',
      '?mapping',
      'unknown_mapping',
    ]);
    expect(await refused('/accounts/import', csv)).toEqual([422, 'validation_failed', '?mapping', 'required']);
    expect(await refused(`/accounts/import${query({ fields: {} })}`, csv)).toEqual([
      422,
      'validation_failed',
      '?mapping/fields',
      'minProperties',
    ]);
    expect(await refused(`/accounts/import${query('{"fields":')}`, csv)).toEqual([400, 'malformed_json', undefined, undefined]);
    expect(await refused(path, 'id,phone\n1,2\n')).toEqual([422, 'validation_failed', '/fields/name/column', 'unknown_column']);
    expect(await refused('/accounts/import', { mapping }, {})).toEqual([422, 'validation_failed', '/csv', 'required']);
    expect(await refused(path, csv, { 'Content-Type': 'text/plain' })).toEqual([
      415,
      'unsupported_media_type',
      undefined,
      undefined,
    ]);
    expect(await refused(path, csv, { ...csvType, 'Idempotency-Key': '' })).toEqual([
      400,
      'idempotency_key_missing',
      undefined,
      undefined,
    ]);
    expect(await refused(path, csv, { ...csvType, 'Idempotency-Key': 'x'.repeat(256) })).toEqual([
      400,
      'bad_request',
      undefined,
      undefined,
    ]);
    expect(await refused('/auditlog/import', csv)).toEqual([405, 'method_not_allowed', undefined, undefined]);
    expect(await refused('/nothing/import', csv)).toEqual([404, 'not_found', undefined, undefined]);
    expect((await app.request('GET', '/accounts/import')).status).toBe(405);
  });

  test('bytes that are no text are refused', async () => {
    const response = await watchedFetch(`${app.base}/accounts/import${query(mapping)}`, {
      method: 'POST',
      headers: { ...csvType, 'Idempotency-Key': randomUUID(), Authorization: `Bearer ${await app.token()}` },
      body: Buffer.from([0x69, 0xff]),
    });
    expect([response.status, ((await response.json()) as Row)['detail']]).toEqual([422, 'The file is not UTF-8 text.']);
  });

  test('a file that is broken, however far down, is refused before anything is imported', async () => {
    const rows = Array.from({ length: 60 }, (_, at) => `b${at},Name ${at},\n`).join('');
    const { status, body } = await post(`/accounts/import${query(mapping)}`, `id,name,phone\n${rows}x,"open`, csvType);
    expect([status, body['detail']]).toEqual([422, expect.stringContaining('a quoted cell is never closed')]);
    const empty = await post('/accounts/import', { mapping, csv: 'id,name,phone\n' });
    expect([empty.status, empty.body['detail']]).toEqual([422, 'The file has no rows below its header.']);
  });

  test('an import whose user has gone fails and says so', async () => {
    actor = undefined;
    const started = await post('/accounts/import', { mapping, csv });
    const done = await finished(started.headers.get('location'));
    actor = app.context().actor;
    expect(done).toMatchObject({ status: 'failed', error: 'The user who started the import no longer has access.' });
  });

  test('a job that is done does nothing when it runs again', async () => {
    const { repository } = app;
    const engine = systemContext(app.registry);
    const rows = Array.from({ length: 60 }, (_, at) => `r${at},Name ${at},\n`).join('');
    const given = { mapping: { ...mapping, upsertOn: null }, csv: `id,name,phone\n${rows}` };
    const started = await post('/accounts/import', given);
    const id = String(started.body['data']?.['id']);
    await finished(started.headers.get('location'));
    const names = async (): Promise<unknown> => {
      const { body } = await app.request('GET', '/accounts?external_id[startsWith]=r&count=exact&limit=1');
      return (body as never as { page: Row }).page['total'];
    };
    expect(await names()).toBe(60);
    const job = { importId: id, actorId: app.adminId, act: 'import' };
    const before = JSON.parse(await repository.read(engine, 'imports', id)) as Row;
    await jobs.send(importQueue, job);
    const other = await post('/accounts/import', { mapping, csv: 'id,name,phone\nlast,Last,\n' });
    await finished(other.headers.get('location'));
    expect((JSON.parse(await repository.read(engine, 'imports', id)) as Row)['version']).toBe(before['version']);
    expect(await names()).toBe(60);
  });
});

describe('export over HTTP', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    const accounts = [
      { external_id: 'x1', name: '=1+2', billing_address: { city: 'Oslo', country: 'NO' } },
      { external_id: 'x2', name: 'Plain, with "quotes"', industry: 'bank' },
    ];
    for (const account of accounts) await app.repository.create(app.context(), 'accounts', account).catch(() => undefined);
    await app.repository.create(app.context(), 'tags', { name: 'VIP', color: '#e03131' });
  });
  afterAll(() => app.stop());

  test('gives CSV with a column for each part, formulas neutralised', async () => {
    const answer = await app.request('GET', '/accounts/export?fields=external_id,name,billing_address&external_id[eq]=x1');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="accounts.csv"');
    expect(String(answer.body)).toBe(
      "external_id,name,billing_address.street,billing_address.city,billing_address.state,billing_address.postal_code,billing_address.country\nx1,'=1+2,,Oslo,,,NO\n",
    );
  });

  test('gives NDJSON, one record a line, filtered and sorted like a list', async () => {
    const answer = await app.request('GET', '/accounts/export?format=ndjson&fields=name&sort=-name&external_id[in]=x1,x2');
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    const records = String(answer.body)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string });
    expect(records.at(-1)?.name).toBe('=1+2');
  });

  test('walks every page, whatever their number', async () => {
    await app.repository.transaction(app.context(), async (inner) => {
      for (let at = 0; at < 501; at++) await app.repository.create(inner, 'accounts', { name: `Many ${at}` });
    });
    const answer = await app.request('GET', '/accounts/export?fields=name&name[startsWith]=Many');
    expect(String(answer.body).trimEnd().split('\n')).toHaveLength(502);
  });

  test('refuses other formats, unknown parameters and entities that are not exported', async () => {
    expect((await app.request('GET', '/accounts/export?format=xls')).body['code']).toBe('invalid_query');
    expect((await app.request('GET', '/accounts/export?colour=red')).status).toBe(400);
    expect((await app.request('GET', '/auditlog/export')).status).toBe(405);
    expect((await app.request('GET', '/accounts/export', { token: null })).status).toBe(401);
  });
});
