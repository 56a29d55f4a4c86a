// An import, row by row: what is taken, what is left out, what is refused, and that the numbers add up.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mappingNamed } from '../../server/import/import-file.ts';
import { noRows } from '../../server/import/import-totals.ts';
import { rejectsCsv } from '../../server/import/rejects.ts';
import type { ImportMappingMetadata } from '../../server/metadata/types.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { imports } from './import-support.ts';

const people: Pick<ImportMappingMetadata, 'entity' | 'fields'> = {
  entity: 'contacts',
  fields: {
    external_id: { column: 'id' },
    first_name: { column: ['given', 'middle'] },
    last_name: { column: 'name' },
    email: { column: 'mail', onInvalid: 'rejectField' },
    phone: { column: 'phone', onInvalid: 'rejectField' },
    salutation: { column: 'title', map: { Mister: 'mr' } },
    account_id: { column: 'account', onInvalid: 'rejectField' },
    'mailing_address.city': { column: 'city' },
    'mailing_address.country': { column: 'country', onInvalid: 'rejectField' },
    source: { value: 'import' },
  },
};
const header = 'id,given,middle,name,mail,phone,title,account,city,country\n';

describe('an import', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    for (const [external_id, name] of [
      ['A1', 'Nordlicht'],
      ['A2', 'Twin'],
      ['A3', 'Twin'],
    ]) {
      await app.repository.create(app.context(), 'accounts', { external_id, name });
    }
  });
  afterAll(() => app.stop());

  const contact = async (externalId: string): Promise<Readonly<Record<string, unknown>>> => {
    const [row] = (await app.request('GET', `/contacts?external_id[eq]=${externalId}&include=account`)).body['data'] as never as [
      Readonly<Record<string, unknown>>,
    ];
    return row;
  };

  test('fills fields from columns, tables and constants, and finds what a row refers to', async () => {
    const text = `\ufeff${header}p1,Ada,King,Lovelace,ADA@example.org,+442079460958,Mister,A1,London,GB\n`;
    const { rejects, ...totals } = await imports(app, people, { text });
    expect(totals).toEqual({ ...noRows, read: 1, accepted: 1, created: 1 });
    expect(rejects).toEqual([]);
    expect(await contact('p1')).toMatchObject({
      first_name: 'Ada King',
      last_name: 'Lovelace',
      email: 'ada@example.org',
      phone: '+442079460958',
      salutation: 'mr',
      source: 'import',
      mailing_address: { city: 'London', country: 'GB' },
      account: { name: 'Nordlicht' },
    });
  });

  test('changes what is there, leaves what an empty cell does not speak of, and counts what stays the same', async () => {
    const rows = 'p1,Ada,,Lovelace,,,,,Paris,GB\np1,Ada,,Lovelace,,,,,Paris,GB\n';
    const { rejects, ...totals } = await imports(app, people, { text: header + rows });
    expect(totals).toEqual({ ...noRows, read: 2, accepted: 2, updated: 1, unchanged: 1 });
    expect(rejects).toEqual([]);
    expect(await contact('p1')).toMatchObject({
      first_name: 'Ada',
      email: 'ada@example.org',
      mailing_address: { city: 'Paris' },
    });
  });

  test('keeps a row without the values that it can do without, and reports each with its raw text', async () => {
    const text = `${header}p2,Bob,,Byte,nobody at home,12,,A9,Oslo,Atlantis\n`;
    const { rejects, ...totals } = await imports(app, people, { text });
    expect(totals).toEqual({ ...noRows, read: 1, accepted: 1, created: 1, fieldsRejected: 4 });
    expect(rejects.map(({ row, field, value, rowRejected }) => [row, field, value, rowRejected])).toEqual([
      [2, 'account_id', 'A9', false],
      [2, 'email', 'nobody at home', false],
      [2, 'phone', '12', false],
      [2, 'mailing_address.country', 'Atlantis', false],
    ]);
    expect(await contact('p2')).toMatchObject({
      email: null,
      phone: null,
      account: null,
      mailing_address: { city: 'Oslo', country: null },
    });
  });

  test('costs a taken address only the address where the mapping says so', async () => {
    const { rejects, ...totals } = await imports(app, people, { text: `${header}p3,,,Copy,ada@example.org,,,,,\n` });
    expect(totals).toEqual({ ...noRows, read: 1, accepted: 1, created: 1, fieldsRejected: 1 });
    expect(rejects).toMatchObject([{ field: 'email', value: 'ada@example.org', code: 'same_email', rowRejected: false }]);
  });

  test('refuses a row for every reason at once, and only that row', async () => {
    const strict = {
      ...people,
      fields: { ...people.fields, email: { column: 'mail' }, account_id: { column: 'account', match: 'name' } },
    };
    const rows = [
      'p4,,,,wrong,77,Count,Twin,,',
      'p5,too,few',
      ',No,,Id,,,,,,',
      'p6,,,Fine,,,,Nordlicht,,',
      'p7,,,Stranger,,,,Unknown,,',
    ];
    const { rejects, ...totals } = await imports(app, strict, { text: header + rows.join('\n') });
    expect(totals).toEqual({ ...noRows, read: 5, accepted: 1, rejected: 4, created: 1 });
    expect(rejects.map(({ row, field, code }) => [row, field, code])).toEqual([
      [2, 'account_id', 'reference_ambiguous'],
      [3, '', 'columns'],
      [4, 'external_id', 'required'],
      [6, 'account_id', 'reference_unknown'],
    ]);
    const { rejects: found } = await imports(app, strict, { text: `${header}p4,,,,wrong,77,Count,,,\n` });
    expect(found.map(({ field, code, rowRejected }) => [field, code, rowRejected])).toEqual([
      ['email', 'format', true],
      ['phone', 'phone', true],
      ['salutation', 'option', true],
      ['last_name', 'required', true],
    ]);
  });

  test('finds a parent that an earlier row of the same file made', async () => {
    const tree = {
      entity: 'accounts',
      fields: { external_id: { column: 'id' }, name: { column: 'name' }, parent_id: { column: 'parent' } },
    };
    const text = 'id,name,parent\nT1,Trunk,\nT2,Branch,T1\nT3,Orphan,T9\nT4,By id,\n';
    const { rejects, ...totals } = await imports(app, tree, { text });
    expect(totals).toEqual({ ...noRows, read: 4, accepted: 3, rejected: 1, created: 3 });
    expect(rejects).toMatchObject([{ row: 4, field: 'parent_id', value: 'T9', code: 'reference_unknown' }]);
  });

  test('one name that many records have does not hide the others', async () => {
    for (let at = 0; at < 5; at++) await app.repository.create(app.context(), 'accounts', { name: 'Crowd' });
    await app.repository.create(app.context(), 'accounts', { name: 'Loner' });
    const byName = { ...people, fields: { ...people.fields, account_id: { column: 'account', match: 'name' } } };
    const { rejects } = await imports(app, byName, { text: `${header}q1,,,A,,,,Crowd,,\nq2,,,B,,,,Loner,,\n` });
    expect(rejects.map(({ row, code }) => [row, code])).toEqual([[2, 'reference_ambiguous']]);
    expect(await contact('q2')).toMatchObject({ account: { name: 'Loner' } });
  });

  test('reads what it matches on as the field does, and says when it cannot', async () => {
    const byUser = {
      ...people,
      fields: {
        ...people.fields,
        owner_id: { column: 'mail', match: 'email' },
        email: { column: 'phone', onInvalid: 'rejectField' as const },
        phone: { value: null },
      },
    };
    const text = `${header}o1,,,A,${app.adminEmail.toUpperCase()},,,,,\no2,,,B,no address,,,,,\n`;
    const { rejects } = await imports(app, byUser, { text });
    expect(rejects.map(({ row, field, code }) => [row, field, code])).toEqual([[3, 'owner_id', 'reference_malformed']]);
    expect(await contact('o1')).toMatchObject({ owner_id: app.adminId });
  });

  test('resolves records of any kind by the kind that the row names', async () => {
    const activities = {
      entity: 'activities',
      fields: {
        external_id: { column: 'id' },
        subject: { column: 'what' },
        kind: { value: 'task' },
        parent_id: { column: 'whom' },
        parent_type: { column: 'of' },
      },
    };
    const text = 'id,what,of,whom\nE1,Call,accounts,A1\nE2,Call,nothing,A1\n';
    const { rejects, ...totals } = await imports(app, activities, { text });
    expect(totals).toMatchObject({ read: 2, accepted: 1, rejected: 1 });
    expect(rejects[0]).toMatchObject({ row: 3, field: 'parent_id', code: 'reference_unknown' });
  });

  test('tells its progress, goes on where a checkpoint stood, and stops when it is told to', async () => {
    const rows = Array.from({ length: 120 }, (_, at) => `n${at},,,Number ${at},,,,,,`).join('\n');
    const progress: number[] = [];
    const checkpoints: number[] = [];
    const stop = new AbortController();
    const half = imports(
      app,
      people,
      { text: header + rows },
      {
        onProgress: ({ read }) => {
          progress.push(read);
          if (read === 100) stop.abort(new Error('told to stop'));
        },
        checkpoint: async (_inner, { read }) => {
          checkpoints.push(read);
        },
        signal: stop.signal,
      },
    );
    await expect(half).rejects.toThrow('told to stop');
    expect(progress).toEqual([50, 100]);
    expect(checkpoints).toEqual([50, 100]);
    const from = { ...noRows, read: 100, accepted: 100, created: 100 };
    const { rejects: _none, ...totals } = await imports(app, people, { text: header + rows }, { from });
    expect(totals).toEqual({ ...noRows, read: 120, accepted: 120, created: 120 });
  });

  test('a chunk whose checkpoint fails leaves none of its rows', async () => {
    const checkpoint = async (): Promise<void> => {
      throw new Error('no room');
    };
    await expect(imports(app, people, { text: `${header}gone,,,Gone,,,,,,\n` }, { checkpoint })).rejects.toThrow('no room');
    expect(await contact('gone')).toBeUndefined();
  });

  test('needs the right to import', async () => {
    const actor = {
      ...app.context().actor,
      access: (_entity: string, operation: string) => (operation === 'import' ? 'none' : 'all') as never,
    };
    const refused = imports(app, people, { text: header }, { context: app.context({ actor }) });
    await expect(refused).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('a mapping is known by its id or its file name', () => {
    expect(mappingNamed(app.registry, 'npsp_accounts')?.id).toBe('imp_npsp_accounts');
    expect(mappingNamed(app.registry, 'imp_npsp_accounts')?.entity).toBe('accounts');
    expect(mappingNamed(app.registry, 'none')).toBeUndefined();
  });
});

describe('a file or mapping that does not fit', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.stop());

  const problemOf = async (mapping: Parameters<typeof imports>[1], text: string | Buffer) => {
    return imports(app, mapping, { text }).then(
      () => undefined,
      (error: { detail?: string; errors?: readonly { pointer: string; code: string }[] }) => error,
    );
  };

  test('is refused with every finding of the mapping', async () => {
    const wrong = {
      entity: 'contacts',
      upsertOn: 'last_name',
      fields: {
        external_id: {},
        lastname: { column: 'name' },
        first_name: { column: 'frist' },
        version: { column: 'name' },
        'mailing_address.planet': { column: 'name' },
        'first_name.part': { column: 'name' },
        account_id: { column: 'name', match: 'nothing' },
      },
    };
    const error = await problemOf(wrong, 'name,first\nx,y\n');
    expect(error?.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/upsertOn', 'not_unique'],
      ['/fields', 'required'],
      ['/fields/external_id', 'required'],
      ['/fields/lastname', 'unknown_field'],
      ['/fields/first_name/column', 'unknown_column'],
      ['/fields/version', 'unknown_field'],
      ['/fields/mailing_address.planet', 'unknown_part'],
      ['/fields/first_name.part', 'unknown_part'],
      ['/fields/account_id/match', 'unknown_field'],
    ]);
    expect((await problemOf({ ...people, entity: 'accounts' }, header))?.errors?.length).toBeGreaterThan(0);
  });

  test('is refused when it is empty, not CSV, not UTF-8, or names a column twice', async () => {
    expect((await problemOf(people, ''))?.detail).toContain('The file is empty');
    expect((await problemOf(people, 'id,id\n'))?.detail).toBe('The header names the column "id" twice.');
    expect((await problemOf(people, `${header}p1,"open`))?.detail).toContain('a quoted cell is never closed');
    expect((await problemOf(people, `${header}p1,"a"b,,,,,,,,\n`))?.detail).toContain('goes on after its closing quote');
    expect((await problemOf(people, `${header}p1,a"b,,,,,,,,\n`))?.detail).toContain('a quote stands inside a cell');
    expect((await problemOf(people, `${header}${'x'.repeat(1_100_000)}`))?.detail).toContain('longer than 1 MiB');
    expect((await problemOf(people, Buffer.from([0x69, 0x64, 0xff, 0x0a])))?.detail).toBe('The file is not UTF-8 text.');
  });
});

describe('the rejects file', () => {
  const shape = { header: ['name', 'phone', 'import_row', 'import_field', 'import_reason'] };
  const reject = { row: 3, field: 'phone', value: '+12', code: 'phone', reason: 'No "number".', rowRejected: true };

  test('has the rows as they were, once each, with their numbers and reasons, and neutralises formulas', () => {
    const rows = [
      { row: 3, cells: ['=A1', '+12', '9', 'name', 'an old one'], findings: [reject, { ...reject, field: 'name' }] },
      { row: 4, cells: ['a', 'b', '', '', '', 'too much'], findings: [{ ...reject, row: 4, field: '', reason: 'Too long.' }] },
    ];
    expect(rejectsCsv(shape, [], true) + rejectsCsv(shape, rows, false)).toBe(
      `name,phone,import_row,import_field,import_reason\n'=A1,'+12,3,phone; name,"No ""number""."\na,b,too much,4,,Too long.\n`,
    );
  });

  test('has the separator of the file', () => {
    const rows = [{ row: 2, cells: ['a', 'b,c', '', '', ''], findings: [{ ...reject, reason: 'x;y' }] }];
    expect(rejectsCsv({ ...shape, delimiter: ';' }, rows, false)).toBe('a;b,c;2;phone;"x;y"\n');
  });
});
