// Columns that stand under another name for a while: every read and write of the repository goes on as if nothing were.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { noTransition } from '../../server/metadata/document.ts';
import { type Desk, failure, openDesk } from './support/desk.ts';
import { changedWorkshop } from './support/workshop.ts';

/** Field → suffixes of its columns. */
const aside: Readonly<Record<string, readonly string[]>> = {
  name: [''],
  code: [''],
  nick: [''],
  story: [''],
  email: [''],
  phone: [''],
  page: [''],
  count: [''],
  big_count: [''],
  ratio: [''],
  price: ['', '_currency'],
  done: [''],
  due: [''],
  seen_at: [''],
  opens: [''],
  kind: [''],
  labels: [''],
  extra: [''],
  home: ['_street', '_city', '_country'],
  spot: ['_lat', '_lng'],
  password: [''],
  status: [''],
};

let desk: Desk;
beforeAll(async () => {
  const physical = Object.entries(aside).flatMap(([field, suffixes]) =>
    suffixes.map((suffix) => [`fld_samples_${field}${suffix}`, `aside_${field}${suffix}`] as const),
  );
  const other = [
    ['fld_orders_number', 'aside_number'],
    ['fld_orders_state', 'aside_state'],
    ['fld_orders_paid_on', 'aside_paid_on'],
  ] as const;
  desk = await openDesk(
    [],
    changedWorkshop({ transition: { ...noTransition, physical: Object.fromEntries([...physical, ...other]) } }),
  );
  for (const [field, suffixes] of Object.entries(aside))
    for (const suffix of suffixes)
      await desk.sql(`ALTER TABLE workshop.ws_samples RENAME COLUMN "${field}${suffix}" TO "aside_${field}${suffix}"`);
  for (const field of ['number', 'state', 'paid_on'])
    await desk.sql(`ALTER TABLE workshop.ws_orders RENAME COLUMN "${field}" TO "aside_${field}"`);
});
afterAll(() => desk.stop());

const values = {
  name: 'Quartz',
  code: 'Q-1',
  nick: 'Shiny',
  story: 'Found in a cave',
  email: 'Q@Example.com',
  phone: '+49 30 901820',
  count: 3,
  big_count: '9007199254740993',
  ratio: '0.5',
  price: '12.5',
  done: true,
  due: '2026-01-31',
  seen_at: '2026-01-31T10:00:00.000Z',
  opens: '09:00:00',
  kind: 'red',
  labels: ['a', 'b'],
  extra: { deep: [1] },
  home: { street: 'A 1', city: 'Berlin', country: 'DE' },
  spot: { lat: 52.5, lng: 13.4 },
  password: 'long enough',
};

describe('columns under another name', () => {
  test('a record is written, read, named, found and changed', async () => {
    const id = await desk.create('samples', values);
    const record = await desk.read('samples', id);
    const { password: _secret, ...shown } = values;
    expect(record).not.toHaveProperty('password');
    expect(record).toMatchObject({
      ...shown,
      email: 'q@example.com',
      phone: '+4930901820',
      ratio: expect.stringMatching(/^0\.5/) as unknown,
      price: '12.50',
      price_currency: 'EUR',
      status: 'open',
      display_name: 'Quartz Q-1',
    });
    await desk.repository.update(desk.me, 'samples', id, { home: { city: 'Bonn' }, count: 4, extra: null });
    expect(await desk.read('samples', id)).toMatchObject({
      home: { street: 'A 1', city: 'Bonn', country: 'DE' },
      count: 4,
      extra: null,
      version: 2,
    });
    const unchanged = await desk.repository.update(desk.me, 'samples', id, { count: 4, home: { city: 'Bonn' } });
    expect(unchanged).toMatchObject({ changed: false, version: 2 });
    const [audited] = await desk.sql(`SELECT changes FROM workshop.ws_auditlog WHERE record_id = ? AND operation = 'update'`, id);
    expect(audited?.['changes']).toMatchObject({ count: { before: 3, after: 4 } });
    const [stored] = await desk.sql('SELECT aside_password FROM workshop.ws_samples WHERE id = ?', id);
    expect(stored?.['aside_password']).toEqual(expect.any(String));
  });

  test('lists filter, sort, page, search and include by the fields', async () => {
    const group = await desk.create('groups', { name: 'Stones' });
    for (const [name, count] of [
      ['Opal', 7],
      ['Onyx', 8],
      ['Jade', 9],
    ] as const)
      await desk.create('samples', { name, count, group_id: group, kind: 'blue', story: `the ${name} story` });
    const names = async (query: string) => (await desk.list('samples', query)).data.map((row) => row['name']);
    expect(await names('kind[eq]=blue&sort=-count')).toEqual(['Jade', 'Onyx', 'Opal']);
    expect(await names('kind[eq]=blue&count[gt]=7&sort=name')).toEqual(['Jade', 'Onyx']);
    expect(await names('home.city[eq]=Bonn')).toEqual(['Quartz']);
    expect(await names('home[null]=true&kind[eq]=blue&sort=name&fields=name')).toEqual(['Jade', 'Onyx', 'Opal']);
    expect(await names('q=onyx')).toEqual(['Onyx']);
    const first = await desk.list('samples', 'kind[eq]=blue&sort=count&limit=2&count=exact');
    expect(first.page).toMatchObject({ total: 3, hasNext: true });
    expect(await names(`kind[eq]=blue&sort=count&limit=2&after=${first.page.next}`)).toEqual(['Jade']);
    const related = await desk.list(
      'groups',
      `filter=${JSON.stringify({ some: { relation: 'samples', where: { fact: 'count', operator: 'greaterThan', value: 8 } } })}&include=samples`,
    );
    expect(related.data[0]).toMatchObject({
      samples: { data: expect.arrayContaining([expect.objectContaining({ name: 'Opal' })]) as unknown },
    });
    const hits = await desk.repository.search(desk.me, 'jade', { limit: 5 });
    expect(hits).toMatchObject([{ display_name: 'Jade', subtitle: 'blue' }]);
  });

  test('upserts match on it, conflicts and rules name the field', async () => {
    const made = await desk.repository.upsert(desk.me, 'samples', { name: 'Ruby', code: 'R-1' }, 'code');
    const met = await desk.repository.upsert(desk.me, 'samples', { name: 'Ruby II', code: 'R-1' }, 'code');
    expect(met).toMatchObject({ id: made.id, created: false, version: 2 });
    const twice = await failure(desk.repository.create(desk.me, 'samples', { name: 'Other', code: 'R-1' }));
    expect(twice).toMatchObject({ code: 'unique_conflict', errors: [{ pointer: '/code', code: 'unique' }] });
    const order = await desk.create('orders', {});
    expect((await desk.read('orders', order))['number']).toMatch(/^O-\d+$/);
    const unpaid = await failure(desk.repository.update(desk.me, 'orders', order, { state: 'paid' }));
    expect(unpaid.errors).toMatchObject([{ pointer: '/paid_on', code: 'required' }]);
    await desk.repository.remove(desk.me, 'samples', made.id);
    await desk.repository.restore(desk.me, 'samples', made.id);
    expect(await desk.read('samples', made.id)).toMatchObject({ name: 'Ruby II', code: 'R-1' });
    await desk.repository.purge(desk.me, 'samples', made.id);
  });
});
