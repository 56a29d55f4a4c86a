// Fields that are closed or masked for a role: absent from every answer, and no question about one is told from one about nothing.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type Answer, signIn } from '../support/requests.ts';
import { camel, pascal } from './graphql-run.ts';
import { entities, entityFile, roles } from './metadata.ts';
import { fieldOf, levelOf, open } from './oracle.ts';
import { type Caller, settlePeople } from './people.ts';

let app: TestApp;
const callers = new Map<string, Caller>();
const ids = new Map<string, string>();

/** Never a field of anything. */
const nothing = 'never_was';
const values: Readonly<Record<string, unknown>> = {
  amount: '6110000001',
  annual_spend: '6110000002',
  birthdate: '1933-02-01',
  cost: '6110000004',
  credit_limit: '6110000005',
  // Worked out from the amount, ten per cent of it.
  expected_revenue: '611000000.10',
  floor_price: '6110000007',
  mobile: '+493071110008',
  tax_number: 'TAX6110000009',
};

const restricted = [...roles.keys()].flatMap((role) =>
  [...entities.values()].flatMap(({ name, fields }) =>
    Object.keys(fields)
      .filter((field) => open(role, name) && fieldOf(role, name, field) !== 'open')
      .map((field) => [role, name, field, fieldOf(role, name, field)] as const),
  ),
);

beforeAll(async () => {
  app = await startTestApp();
  const people = await settlePeople(app);
  for (const caller of people.callers) callers.set(caller.role, caller);
  const make = async (entity: string, input: object): Promise<void> => {
    const { id } = await app.repository.create(app.context(), entity, { ...input, ...valuesOf(entity) } as never);
    ids.set(entity, id);
  };
  await make('price_books', { name: 'List' });
  await make('campaigns', { name: 'Spring' });
  await make('accounts', { name: 'Account' });
  await make('products', { name: 'Product', supplier_id: ids.get('accounts') });
  await make('pricebook', { unit_price: '9000000000', price_book_id: ids.get('price_books'), product_id: ids.get('products') });
  await make('contacts', { last_name: 'Contact', account_id: ids.get('accounts') });
  const parents = { account_id: ids.get('accounts'), primary_contact_id: ids.get('contacts'), campaign_id: ids.get('campaigns') };
  await make('opportunities', { name: 'Deal', ...parents, owner_id: people.colleague });
  for (const entity of ids.keys()) {
    if (restricted.some(([, name]) => name === entity))
      await app.repository.update(app.context(), entity, ids.get(entity) ?? '', { [patchable(entity)]: 'x' });
  }
});
afterAll(() => app.stop());

const valuesOf = (entity: string): object =>
  Object.fromEntries(
    restricted
      .filter(([, name, field]) => name === entity && entityFile(entity).fields[field]?.type !== 'formula')
      .map(([, , field]) => [field, values[field] ?? `no value for ${field}`]),
  );
const patchable = (entity: string): string =>
  entity === 'pricebook' ? 'external_id' : entity === 'contacts' ? 'notes' : 'description';

const ask = (role: string, method: string, path: string, body?: object): Promise<Answer> =>
  app.request(method, path, { token: callers.get(role)?.token ?? '', ...(body === undefined ? {} : { body }) });
const ql = (role: string, query: string): Promise<Answer> => ask(role, 'POST', '/graphql', { query });
const text = ({ body, headers }: Answer): string => `${JSON.stringify(body)} ${JSON.stringify([...headers])}`;

/** The answer without what differs from request to request, and without the field's name. */
function shape({ status, body }: Answer, field: string): string {
  const { requestId: _id, instance: _path, ...told } = (typeof body === 'object' ? body : {}) as Record<string, unknown>;
  const plain = JSON.stringify([status, told]).replace(/"requestId":"[^"]*"/g, '');
  return plain
    .replaceAll(field, 'FIELD')
    .replace(/"(line|column)":\d+/g, '')
    .replace(/ Did you mean [^?]*\?/g, '');
}

test('the role files close or mask what they are known to', () => {
  const named = restricted.map((one) => one.join(' '));
  expect(named).toEqual(
    expect.arrayContaining([
      'sales_rep products cost closed',
      'support contacts birthdate closed',
      'marketing contacts mobile masked',
      'support accounts tax_number masked',
      'marketing accounts credit_limit closed',
      'support opportunities amount closed',
    ]),
  );
});

describe.each(restricted)('for %s, %s.%s (%s)', (role, entity, field, openness) => {
  const value = String(values[field]);
  const { singular } = entityFile(entity);
  const path = () => `/${entity}/${ids.get(entity)}`;
  const type = entityFile(entity).fields[field]?.type ?? '';
  const known = openness === 'masked';
  const input = type === 'date' ? '1990-01-01' : type === 'phone' ? '+493012345678' : '1';

  test('no answer that holds the record holds the value', async () => {
    const list = `/${entity}?limit=200`;
    const paths = [path(), list, `${list}&include=creator`, `/${entity}/export?format=csv`, `/${entity}/export?format=ndjson`];
    const included = ['contacts', 'products', 'opportunities'].includes(entity)
      ? ['/accounts?include=contacts,opportunities']
      : [];
    const around = [
      ...['/auditlog?limit=200&include=record', '/timeline?limit=200&include=parent'],
      ...['/opportunities?include=account,primary_contact', '/contacts?include=account', '/pricebook?include=product'],
      ...[
        '/products?include=supplier,prices',
        '/search?q=account',
        '/search?q=contact',
        '/meta',
        `/meta/forms/${entity}`,
        '/openapi.json',
      ],
    ];
    for (const asked of [...paths, ...included, ...around])
      expect([asked, text(await ask(role, 'GET', asked)).includes(value)]).toEqual([asked, false]);
    const shown = (await ask(role, 'GET', path())).body['data']?.[field];
    const keepEnd = Number(roles.get(role)?.entities[entity]?.fields?.[field]?.keepEnd ?? 0);
    expect(shown).toBe(known ? (`•••${keepEnd === 0 ? '' : value.slice(-keepEnd)}` as never) : undefined);
  });

  test('a selection, filter, order or search by it is like one by a field that never was', async () => {
    const both = async (of: (name: string) => string) => {
      const [asked, other] = [await ask(role, 'GET', of(field)), await ask(role, 'GET', of(nothing))];
      expect([of(field), shape(asked, field)]).toEqual([of(field), shape(other, nothing)]);
      expect(asked.status).toBe(400);
    };
    if (!known) await both((name) => `/${entity}?fields=${name}`);
    if (!known) await both((name) => `${path()}?fields=${name}`);
    await both((name) => `/${entity}?sort=${name}`);
    await both((name) => `/${entity}?${name}[eq]=${encodeURIComponent(value)}`);
    await both(
      (name) => `/${entity}?filter=${encodeURIComponent(JSON.stringify({ fact: name, operator: 'isEmpty', value: false }))}`,
    );
    if (entity === 'accounts') await both((name) => `/contacts?account.${name}[eq]=${value}`);
    if (entityFile(entity).search !== undefined) {
      const found = await ask(role, 'GET', `/${entity}?q=${encodeURIComponent(value)}`);
      expect([found.status, found.body['data']]).toEqual([200, []]);
    }
    expect((await ask(role, 'GET', `/search?q=${encodeURIComponent(value)}`)).body['data']).toEqual([]);
  });

  test('so it is in GraphQL', async () => {
    const many = camel(entity);
    const both = async (of: (name: string) => string) => {
      const [asked, other] = [await ql(role, of(field)), await ql(role, of(nothing))];
      expect([of(field), shape(asked, field)]).toEqual([of(field), shape(other, nothing)]);
      expect(text(asked)).not.toContain(value);
      expect(asked.body['errors']).toBeDefined();
    };
    if (!known) await both((name) => `{ ${camel(singular)}(id: "${ids.get(entity)}") { ${name} } }`);
    if (!known) await both((name) => `{ ${many} { nodes { ${name} } } }`);
    await both((name) => `{ ${many}(sort: "${name}") { nodes { id } } }`);
    await both((name) => `{ ${many}(filter: { ${name}: { eq: ${JSON.stringify(input)} } }) { nodes { id } } }`);
    if (levelOf(role, entity, 'update') !== 'none' && !known)
      await both((name) => `mutation { update${pascal(singular)}(id: "${ids.get(entity)}", patch: { ${name}: "1" }) { id } }`);
    const all = await ql(role, `{ __schema { types { name fields { name } inputFields { name } } } }`);
    const types = all.body['data']?.['__schema']?.['types'] as unknown as { name: string; fields: { name: string }[] | null }[];
    const shown = types.find(({ name }) => name === pascal(singular))?.fields?.some(({ name }) => name === field);
    expect(shown).toBe(known);
  });

  test('it is not set, nor described', async () => {
    if (levelOf(role, entity, 'update') !== 'none') {
      const set = (name: string) => ask(role, 'PATCH', path(), { [name]: input });
      const [asked, other] = [await set(field), await set(nothing)];
      if (known) {
        expect([asked.status, asked.body['errors']?.[0]]).toMatchObject([422, { pointer: `/${field}`, code: 'forbidden' }]);
      } else expect(shape(asked, field)).toBe(shape(other, nothing));
    }
    const meta = await ask(role, 'GET', '/meta');
    const described = meta.body['data']?.['entities']?.[entity];
    expect([described !== undefined, JSON.stringify(described).includes(`"${field}"`)]).toEqual([true, known]);
    expect(text(await ask(role, 'GET', `/meta/forms/${entity}`)).includes(`"${field}"`)).toBe(known);
    const schemas = (await ask(role, 'GET', '/openapi.json')).body['components']?.['schemas'] ?? {};
    const properties = Object.entries(schemas).filter(([name]) => name.startsWith(pascal(singular)) || name.startsWith(singular));
    expect([properties.length > 0, JSON.stringify(properties).includes(`"${field}"`)]).toEqual([true, known]);
  });

  test('a change of it is told by a number alone, the version, and by nothing else that is kept of the answer', async () => {
    const before = await ask(role, 'GET', path());
    const tag = before.headers.get('etag') ?? '';
    const { version, ...data } = (before.body['data'] ?? {}) as never as Record<string, unknown>;
    expect([before.status, Number(/^"(\d+)(?:-[0-9a-f]{16})?"$/.exec(tag)?.[1])]).toEqual([200, version]);
    expect(JSON.stringify(data)).not.toContain(value);
    const again = await app.request('GET', path(), { token: callers.get(role)?.token ?? '', headers: { 'If-None-Match': tag } });
    expect([again.status, text(again).includes(value)]).toEqual([304, false]);
  });
});

test('whoever has no role finds nothing to ask for', async () => {
  const account = { email: 'nobody@matrix.example', password: 'long enough for all' };
  await app.repository.create(app.context(), 'users', { ...account, first_name: 'No', last_name: 'Body' });
  const token = await signIn(app.base, account.email, account.password);
  const { status, body } = await app.request('POST', '/graphql', { token, body: { query: '{ contacts { nodes { id } } }' } });
  expect([status, body['code'], body['detail']]).toEqual([
    403,
    'forbidden',
    'You may read no entity: there is nothing to ask for.',
  ]);
});
