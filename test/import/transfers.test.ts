// An import from its first look at a file to its undo, as the wizard does it: guess, preview, start, mend the rejects, take it back.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { maintain } from '../../server/platform/maintenance.ts';
import type { Actor } from '../../server/repository/actor.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type Row, startTransfers, type Transfers } from './transfer-client.ts';

let app: TestApp;
let transfers: Transfers;
/** Whose rights the jobs have, where it is not the administrator. */
let acting: Actor | undefined;
beforeAll(async () => {
  app = await startTestApp();
  transfers = await startTransfers(app, () => acting ?? app.context().actor);
  await app.repository.create(app.context(), 'accounts', { external_id: 'N1', name: 'Nordlicht GmbH' });
});
afterAll(async () => {
  await transfers.stop();
  await app.stop();
});

const dataOf = ({ status, body }: { readonly status: number; readonly body: unknown }): Row => {
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return (body as { readonly data: Row }).data;
};
const listed = async (path: string): Promise<readonly Row[]> => dataOf(await app.request('GET', path)) as never;
const fieldsOf = (told: Row): Readonly<Record<string, Row>> => (told['mapping'] as { fields: Record<string, Row> }).fields;
const imported = async (entity: string, mapping: object, csv: string, more: object = {}): Promise<Row> => {
  const started = await transfers.post(`/${entity}/import`, { mapping, csv, ...more });
  dataOf(started);
  return transfers.finished(started.location);
};

describe('a preview', () => {
  const csv = [
    'Id;Vorname;اسم العائلة;E-mail;BillingCity;Account Name;Birthdate;Annual Spend;Junk',
    '1;Ada;Lovelace;ada@example.org;London;Nordlicht GmbH;15 Apr, 1981;"$22,700.00";x',
    '2;Grace;Hopper;not a mail;Arlington;Nordlicht GmbH;9 Dec, 1906;$1.5;x',
    '3;;;;;;;;x',
  ].join('\n');

  test('guesses the columns by names and labels of any language, formats and references by the cells', async () => {
    const before = await listed('/contacts?limit=1&count=exact');
    const told = dataOf(await transfers.file('/contacts/import/preview', 'text/csv', csv, { 'X-File-Name': 'people%20x.csv' }));
    expect(told).toMatchObject({ name: 'people x.csv', format: 'csv', rows: 3, from: 'guess' });
    expect(fieldsOf(told)).toMatchObject({
      external_id: { column: 'Id' },
      last_name: { column: 'اسم العائلة' },
      email: { column: 'E-mail' },
      account_id: { column: 'Account Name', match: 'display_name' },
      birthdate: { column: 'Birthdate', format: { dateFormats: ['D MMM, YYYY'] } },
      annual_spend: { column: 'Annual Spend' },
    });
    expect(told['unused']).toEqual(expect.arrayContaining(['Junk', 'Vorname']));
    expect(
      (told['preview'] as Row[]).map(({ row, outcome, problems }) => [
        row,
        outcome,
        (problems as Row[]).map(({ field }) => field),
      ]),
    ).toEqual([
      [2, 'created', []],
      [3, 'rejected', ['email']],
      [4, 'rejected', ['last_name']],
    ]);
    expect((told['preview'] as Row[])[0]).toMatchObject({
      texts: { birthdate: '15 Apr, 1981', account_id: 'Nordlicht GmbH' },
      values: { birthdate: '1981-04-15', annual_spend: '22700.00' },
    });
    expect(await listed('/contacts?limit=1&count=exact')).toEqual(before);
  });

  test('is asked again with a changed mapping, and the import that follows remembers it for such files', async () => {
    const told = dataOf(await transfers.file('/contacts/import/preview', 'text/csv', csv));
    const mapping = {
      upsertOn: 'external_id',
      fields: {
        ...fieldsOf(told),
        email: { column: 'E-mail', onInvalid: 'rejectField' },
        first_name: { column: 'Vorname' },
      },
    };
    const again = dataOf(await transfers.post('/contacts/import/preview', { file: told['file'], mapping }));
    expect(again['from']).toBe('request');
    expect((again['preview'] as Row[]).map(({ outcome }) => outcome)).toEqual(['created', 'created', 'rejected']);
    const started = await transfers.post('/contacts/import', { file: told['file'], mapping, remember: 'me' });
    expect(await transfers.finished(started.location)).toMatchObject({ rows_created: 2, rows_rejected: 1, rows_total: 3 });

    // In another order and another writing the columns are the same.
    const shuffled = 'vorname,اسم العائلة,E-Mail,billing_city,Account Name,Birthdate,Annual Spend,Junk,ID\n,,,,,,,,7\n';
    const remembered = dataOf(await transfers.file('/contacts/import/preview', 'text/csv', shuffled));
    expect(remembered).toMatchObject({
      from: 'me',
      mapping: { fields: { first_name: { column: 'vorname' }, external_id: { column: 'ID' } } },
    });
  });

  test('finds the mapping of the application that fits, and one that somebody shared before it', async () => {
    const file = 'Id,Name\n1,Spring\n';
    const told = dataOf(await transfers.file('/campaigns/import/preview', 'text/csv', file));
    expect(told).toMatchObject({ from: 'application', mapping: { id: 'imp_npsp_campaigns' } });
    const mapping = { upsertOn: null, fields: { name: { column: 'Name' } } };
    await imported('campaigns', mapping, file, { remember: 'everyone' });
    const shared = dataOf(await transfers.file('/campaigns/import/preview', 'text/csv', file));
    expect(shared).toMatchObject({ from: 'everyone', mapping: { upsertOn: null } });
  });

  test('of a file like nothing here has no fields, and says which columns are left', async () => {
    const told = dataOf(await transfers.file('/accounts/import/preview', 'text/csv', 'zzz,qqq\n1,2\n'));
    expect(told).toMatchObject({ mapping: { fields: {} }, unused: ['zzz', 'qqq'], preview: [] });
  });

  test('refuses a mapping that does not fit, uploads of others and words that it does not know', async () => {
    const refused = async (path: string, body: object): Promise<unknown> => {
      const { status, body: answer } = await transfers.post(path, body);
      return [status, ...((answer['errors'] ?? []) as Row[]).map(({ pointer, code }) => `${pointer} ${code}`)];
    };
    const path = '/contacts/import/preview';
    expect(await refused(path, { csv: 'a\n1\n', mapping: { fields: { last_name: { column: 'b' } } } })).toEqual([
      422,
      '/fields/last_name/column unknown_column',
    ]);
    expect(await refused(path, { file: 'x' })).toEqual([422, '/file unknown_file']);
    expect(await refused(path, { file: '01890000-0000-7000-8000-000000000000' })).toEqual([422, '/file unknown_file']);
    expect(await refused(path, { csv: 'a\n1\n', remember: 'all' })).toEqual([422, '/remember enum']);
    const zone = { fields: { last_name: { column: 'a', format: { timeZone: 'Mars/Phobos' } } } };
    expect(await refused(path, { csv: 'a\n1\n', mapping: zone })).toEqual([
      422,
      '/mapping/fields/last_name/format/timeZone format',
    ]);
    expect((await transfers.file(path, 'text/csv; charset=utf-16', 'a\n1\n')).status).toBe(415);
    expect((await transfers.file(path, 'text/csv', 'a\n1\n', { 'Content-Encoding': 'gzip' })).status).toBe(415);
  });
});

describe('rows that are like a record', () => {
  const base = { fields: { last_name: { column: 'name' }, email: { column: 'mail' }, phone: { column: 'phone' } } };
  const outcome = async (duplicates: object, csv: string): Promise<Row> => imported('contacts', { ...base, duplicates }, csv);

  test('are rejected, left out or change that record where a rule blocks, as the mapping says', async () => {
    await app.repository.create(app.context(), 'contacts', { last_name: 'Turing', email: 'alan@example.org' });
    const csv = 'name,mail,phone\nMathison,alan@example.org,\nNew,new@example.org,\n';
    expect(await outcome({}, csv)).toMatchObject({ rows_created: 1, rows_rejected: 1, rows_skipped: 0 });
    expect(await outcome({ block: 'skip' }, csv)).toMatchObject({
      status: 'completed',
      rows_created: 0,
      rows_skipped: 2,
      duplicates_found: 2,
      warnings: [
        { row: 2, code: 'same_email', became: 'skipped' },
        { row: 3, code: 'same_email', became: 'skipped' },
      ],
    });
    expect(await outcome({ block: 'update' }, csv)).toMatchObject({ rows_updated: 1, rows_unchanged: 1, duplicates_found: 2 });
    expect(await listed('/contacts?email[eq]=alan@example.org')).toMatchObject([{ last_name: 'Mathison' }]);
  });

  test('are created and told of where a rule warns, or what the mapping says instead', async () => {
    await app.repository.create(app.context(), 'contacts', { last_name: 'Noether', phone: '+442079460958' });
    const csv = 'name,mail,phone\nNoether,,+442079460958\n';
    expect(await outcome({ warn: 'reject' }, csv)).toMatchObject({ rows_created: 0, rows_rejected: 1 });
    expect(await outcome({ warn: 'skip' }, csv)).toMatchObject({ rows_skipped: 1 });
    expect(await outcome({ warn: 'update' }, csv)).toMatchObject({ rows_unchanged: 1, duplicates_found: 1 });
    expect(await outcome({}, csv)).toMatchObject({ status: 'completed', rows_created: 1, duplicates_found: 1 });
    // Now there are two that it is like as much: which one is meant, nobody can tell.
    const ambiguous = await outcome({ warn: 'update' }, csv);
    expect(ambiguous).toMatchObject({ rows_rejected: 1, rejects: [{ code: 'duplicate_ambiguous' }] });
  });
});

describe('the rejects', () => {
  test('are the rows as they were with their reasons, and once mended they are imported like any file', async () => {
    const mapping = { fields: { external_id: { column: 'id' }, name: { column: 'name' }, phone: { column: 'phone' } } };
    const csv = 'id;name;phone\nR1;=Sum;\nR2;;\n"R3";"a ""quote""; here";12\n';
    const started = await transfers.file(
      `/accounts/import?mapping=${encodeURIComponent(JSON.stringify(mapping))}`,
      'text/csv',
      csv,
    );
    expect(await transfers.finished(started.location)).toMatchObject({ rows_created: 1, rows_rejected: 2 });
    const { status, headers, bytes } = await transfers.bytes(`${started.location}/rejects`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(bytes.toString()).toMatch(
      /^id;name;phone;import_row;import_field;import_reason\nR2;;;3;name;A value is required\.\nR3;"a ""quote""; here";12;4;phone;.*\n$/,
    );
    const mended = bytes.toString().replace('R2;;;', 'R2;Mended;;').replace(';12;', ';;');
    const again = await transfers.file(
      `/accounts/import?mapping=${encodeURIComponent(JSON.stringify(mapping))}`,
      'text/csv',
      mended,
    );
    expect(await transfers.finished(again.location)).toMatchObject({ status: 'completed', rows_created: 2 });
    expect(await listed('/accounts?external_id[in]=R1,R2,R3&sort=external_id&fields=name')).toEqual(
      [{ name: '=Sum' }, { name: 'Mended' }, { name: 'a "quote"; here' }].map(expect.objectContaining),
    );
  });
});

describe('an undo', () => {
  test('deletes what was created and sets back what was changed, unless somebody has changed it since', async () => {
    const { id } = await app.repository.create(app.context(), 'accounts', {
      external_id: 'U1',
      name: 'Before',
      website: 'https://a.example',
    });
    await app.repository.create(app.context(), 'accounts', { external_id: 'U2', name: 'Other' });
    const mapping = { fields: { external_id: { column: 'id' }, name: { column: 'name' } } };
    const csv = 'id,name\nU1,First\nU1,After\nU2,Changed\nU3,Created\nU4,Created too\nU5,Held\n';
    const started = await transfers.post('/accounts/import', { mapping, csv });
    expect(await transfers.finished(started.location)).toMatchObject({ rows_created: 3, rows_updated: 3 });
    const [two] = await listed('/accounts?external_id[eq]=U2');
    await app.repository.update(app.context(), 'accounts', String(two?.['id']), { name: 'By hand' });
    const [four] = await listed('/accounts?external_id[eq]=U4');
    await app.repository.update(app.context(), 'accounts', String(four?.['id']), { industry: 'bank' });

    const undone = await transfers.post(`${started.location}/undo`);
    expect(undone).toMatchObject({ status: 202, body: { data: { status: 'undoing' } }, location: started.location });
    const record = await transfers.finished(started.location);
    expect(record).toMatchObject({
      status: 'undone',
      records_removed: 2,
      records_reverted: 1,
      records_kept: 2,
      undone_at: expect.any(String),
    });
    expect((record['kept'] as Row[]).map(({ row, code, reason }) => [row, code, reason])).toEqual([
      [6, 'changed', 'It has been changed since the import created it.'],
      [4, 'changed', 'Changed since the import: name.'],
    ]);
    expect(await listed(`/accounts?id[eq]=${id}`)).toMatchObject([{ name: 'Before', website: 'https://a.example' }]);
    expect((await listed('/accounts?external_id[in]=U2,U3,U4,U5&sort=external_id')).map(({ name }) => name)).toEqual([
      'By hand',
      'Created too',
    ]);
    expect((await transfers.post(`${started.location}/undo`)).status).toBe(409);
    expect((await transfers.post(`${started.location}/cancel`)).status).toBe(409);
  });

  test('leaves what the rights or other records hold, and says so', async () => {
    const mapping = { fields: { external_id: { column: 'id' }, name: { column: 'name' } } };
    const started = await transfers.post('/accounts/import', { mapping, csv: 'id,name\nG1,Parent\n' });
    await transfers.finished(started.location);
    const [parent] = await listed('/accounts?external_id[eq]=G1');
    await app.repository.create(app.context(), 'invoices', { account_id: parent?.['id'], external_id: 'G1' });
    await transfers.post(`${started.location}/undo`);
    const held = { status: 'undone', records_removed: 0, records_kept: 1 };
    expect(await transfers.finished(started.location)).toMatchObject({ ...held, kept: [{ code: 'in_use' }] });

    const other = await transfers.post('/accounts/import', { mapping, csv: 'id,name\nG2,Mine\n' });
    await transfers.finished(other.location);
    const all = app.context().actor;
    acting = { ...all, access: (entity, operation) => (operation === 'delete' ? 'none' : all.access(entity, operation)) };
    await transfers.post(`${other.location}/undo`);
    expect(await transfers.finished(other.location)).toMatchObject({ ...held, kept: [{ code: 'forbidden' }] });
    acting = undefined;
  });
});

describe('a cancelled import', () => {
  test('writes nothing more, keeps what was written and can be undone', async () => {
    const rows = Array.from({ length: 400 }, (_, at) => `C${at},Cancel ${at}\n`).join('');
    const mapping = { fields: { external_id: { column: 'id' }, name: { column: 'name' } } };
    const started = await transfers.post('/accounts/import', { mapping, csv: `id,name\n${rows}` });
    for (;;) {
      const [record] = await listed(`/imports?id[eq]=${started.location.split('/').pop()}`);
      if (Number(record?.['rows_read']) > 0) break;
    }
    let cancelled = await transfers.post(`${started.location}/cancel`);
    // The chunk under way may have been committed between the reading and the writing.
    while (cancelled.status === 412) cancelled = await transfers.post(`${started.location}/cancel`);
    expect(cancelled).toMatchObject({ status: 200, body: { data: { status: 'cancelled' } } });
    const at = await transfers.finished(started.location);
    const count = async (): Promise<number> => (await listed('/accounts?external_id[startsWith]=C&limit=200')).length;
    const before = await count();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([await count(), Number(at['rows_created'])]).toEqual([before, before]);
    await transfers.post(`${started.location}/undo`);
    expect(await transfers.finished(started.location)).toMatchObject({ status: 'undone', records_removed: before });
    expect(await count()).toBe(0);
  });
});

describe('rows that are matched on', () => {
  test('the id change that record, and make none', async () => {
    const { id } = await app.repository.create(app.context(), 'accounts', { name: 'By id' });
    const mapping = { upsertOn: 'id', fields: { id: { column: 'id' }, name: { column: 'name' } } };
    const csv = `id,name\n${id},Renamed\n01890000-0000-7000-8000-000000000000,Nobody\nx,Nobody\n`;
    const record = await imported('accounts', mapping, csv);
    expect(record).toMatchObject({
      rows_updated: 1,
      rows_rejected: 2,
      rejects: [{ code: 'reference_unknown' }, { code: 'reference_unknown' }],
    });
    expect(await listed(`/accounts?id[eq]=${id}`)).toMatchObject([{ name: 'Renamed' }]);
  });

  test('any unique field, and nothing at all', async () => {
    const byMail = { upsertOn: 'email', fields: { email: { column: 'mail' }, last_name: { column: 'name' } } };
    expect(await imported('contacts', byMail, 'mail,name\nUNIQUE@example.org,One\nunique@example.org,Two\n')).toMatchObject({
      rows_created: 1,
      rows_updated: 1,
    });
    const none = { upsertOn: null, fields: { name: { column: 'name' } } };
    expect(await imported('accounts', none, 'name\nSame twice\nSame twice\n')).toMatchObject({ rows_created: 2 });
  });
});

test('uploads that no import took go after a day, and what imports keep after thirty', async () => {
  await transfers.file('/accounts/import/preview', 'text/csv', 'name\nOld\n');
  const held = await transfers
    .post('/accounts/import', { mapping: { fields: { name: { column: 'name' } } }, csv: 'name\n""x\n' })
    .catch(() => undefined);
  expect(held?.status).toBe(422);
  const { schema } = app.registry.app;
  await app.knex.raw(`UPDATE "${schema}"."crm_transfer_files" SET created_at = created_at - interval '2 days'`);
  await maintain({ knex: app.knex, registry: app.parts.registry, onError: () => undefined });
  const { rows } = await app.knex.raw<{ rows: { held: boolean }[] }>(
    `SELECT held_by IS NOT NULL AS held FROM "${schema}"."crm_transfer_files"`,
  );
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every(({ held: one }) => one)).toBe(true);
});
