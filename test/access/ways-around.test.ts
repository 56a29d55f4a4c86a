// Ways around the rights that somebody tried: each leads nowhere.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { actorOf } from '../../server/auth/actor-of.ts';
import { actorOfRole, actorsOf } from '../../server/auth/actors.ts';
import { mayGrant, overreaching } from '../../server/auth/granting.ts';
import { newPerson, type Person, post, refusalOf } from '../auth/support/people.ts';
import { workflow as blank, runsOf, withWorkflows, worker } from '../automation/workflow-app.ts';
import { type Answer, startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
/** Two representatives of one team: each reads the other's records, and changes only their own. */
let rep: Person;
let repToken: string;
let colleague: Person;
let marketing: string;

beforeAll(async () => {
  app = await startTestApp({ live: true });
  await changed(
    setRole('office', {}, { users: { create: true, read: 'all', update: 'all', delete: 'all', restore: 'all' } }),
    setRole('modeller', { 'metadata.read': true, 'metadata.write': true }, { leads: { read: 'all', update: 'own' } }),
    setRole('intake', {}, { leads: { create: true, read: 'own', update: 'own', assign: 'all' }, users: { read: 'all' } }),
    setRole(
      'curious',
      { 'metadata.read': true },
      { accounts: { read: 'all', fields: { registration_number: { read: false } } } },
    ),
    setRole('later', {}, { '*custom': { read: 'all', update: 'all' } }),
  );
  [rep, colleague] = [await newPerson(app, ['sales_rep']), await newPerson(app, ['sales_rep'])];
  const team = await made('teams', { name: 'The team' });
  for (const { id } of [rep, colleague]) await made('team_members', { team_id: team, user_id: id });
  repToken = await rep.token();
  marketing = await (await newPerson(app, ['marketing'])).token();
}, 180_000);
afterAll(() => app.stop());

const setRole = (name: string, system: object, entities: object) => ({
  op: 'setRole',
  role: { name, label: { en: name }, assignableTo: ['user', 'apiKey'], system, entities },
});
const apply = (token: string, ...changes: readonly object[]): Promise<Answer> =>
  app.request('POST', '/meta/apply', { token, body: { changes }, headers: { Prefer: 'wait=20' } });
const changed = async (...changes: readonly object[]): Promise<void> => {
  const { status, body } = await apply(await app.token(), ...changes);
  expect([status, body['errors']]).toEqual([200, undefined]);
};
const made = async (entity: string, body: object, token?: string): Promise<string> => {
  const answer = await app.request('POST', `/${entity}`, { body, ...(token === undefined ? {} : { token }) });
  expect([answer.status, answer.body['errors']]).toEqual([201, undefined]);
  return String(answer.body['data']?.['id']);
};
const patch = (token: string, path: string, body: object): Promise<Answer> => app.request('PATCH', path, { token, body });
const textOf = ({ body }: Answer): string => JSON.stringify(body);

describe('what belongs to a record', () => {
  const deal = { name: 'Deal', close_date: '2030-01-01' };

  test('is not moved to one that its writer may read but not change: a share, a line, a tag', async () => {
    const account = await made('accounts', { name: 'Account', owner_id: rep.id });
    const own = await made('opportunities', { ...deal, account_id: account, owner_id: rep.id });
    const other = await made('opportunities', { ...deal, account_id: account, owner_id: colleague.id });
    expect((await app.request('GET', `/opportunities/${other}`, { token: repToken })).status).toBe(200);
    const record = { record_type: 'opportunities', record_id: own };
    const share = await made('shares', { ...record, user_id: rep.id, access: 'write' }, repToken);
    const tag = await made('tags', { name: 'Red' }, repToken);
    const link = await made('tag_links', { ...record, tag_id: tag }, repToken);
    const product = await made('products', { name: 'Product' });
    const line = { product_id: product, quantity: '1', unit_price: '5' };
    const ownLine = await made('opportunity_lines', { ...line, opportunity_id: own }, repToken);
    const moves = [
      patch(repToken, `/shares/${share}`, { record_id: other }),
      patch(repToken, `/tag_links/${link}`, { record_id: other }),
      patch(repToken, `/opportunity_lines/${ownLine}`, { opportunity_id: other }),
    ];
    for (const move of moves) expect(refusalOf(await move)).toEqual([403, 'forbidden']);
    expect((await patch(repToken, `/opportunities/${other}`, { description: 'Taken' })).status).toBe(403);
    const second = await made('opportunities', { ...deal, account_id: account, owner_id: rep.id });
    expect((await patch(repToken, `/opportunity_lines/${ownLine}`, { opportunity_id: second })).status).toBe(200);
  });
});

describe('what is shared with somebody', () => {
  test('is not theirs to share: no share justifies itself, one that ends is not made to last', async () => {
    const account = await made('accounts', { name: 'Shared', owner_id: colleague.id });
    const deal = { name: 'Shared deal', close_date: '2030-01-01', account_id: account, owner_id: colleague.id };
    const [shared, other] = [await made('opportunities', deal), await made('opportunities', deal)];
    const person = await newPerson(app, ['sales_rep']);
    const [team] = (await app.request('GET', '/teams?name[eq]=The team')).body['data'] as never as { id: string }[];
    await made('team_members', { team_id: team?.id, user_id: person.id });
    const until = { user_id: person.id, access: 'write', expires_at: new Date(Date.now() + 3_600_000).toISOString() };
    const given = await made('shares', { record_type: 'opportunities', record_id: shared, ...until });
    const token = await person.token();
    expect((await patch(token, `/opportunities/${shared}`, { description: 'As given' })).status).toBe(200);
    for (const [id, user_id] of [
      [other, person.id],
      [shared, person.id],
      [shared, rep.id],
    ]) {
      const body = { record_type: 'opportunities', record_id: id, user_id, access: 'write' };
      expect(refusalOf(await app.request('POST', '/shares', { token, body }))).toEqual([403, 'forbidden']);
    }
    for (const change of [{ expires_at: null }, { record_id: other }])
      expect(refusalOf(await patch(token, `/shares/${given}`, change))).toEqual([403, 'forbidden']);
    expect((await patch(token, `/opportunities/${other}`, { description: 'Taken' })).status).toBe(403);
    const why = await app.request('GET', `/shares/${given}/access?action=update`, { token });
    expect([why.status, why.body['data']?.['allowed']]).toEqual([200, false]);
  });
});

describe('the sign-in of somebody with more rights', () => {
  test('is not taken over by who may write users: no password, address, role or end', async () => {
    const office = await (await newPerson(app, ['office'])).token();
    const admin = await newPerson(app, ['admin']);
    const path = `/users/${admin.id}`;
    const detail = 'This user has roles that you may not grant: admin. Their rights go beyond yours.';
    for (const [name, value] of [
      ['password', 'taken over by office'],
      ['email', 'office-takes@example.com'],
      ['roles', []],
      ['active', false],
    ] as const) {
      const { status, body } = await patch(office, path, { [name]: value });
      expect([status, body['errors']]).toEqual([422, [{ pointer: `/${name}`, code: 'forbidden', detail }]]);
    }
    expect(refusalOf(await app.request('DELETE', path, { token: office }))).toEqual([403, 'forbidden']);
    expect((await patch(office, path, { job_title: 'Boss' })).status).toBe(200);
    expect((await admin.login()).status).toBe(200);
    const equal = await newPerson(app, ['office']);
    expect((await patch(office, `/users/${equal.id}`, { password: 'another long one' })).status).toBe(200);
    expect((await app.request('DELETE', path)).status).toBe(204);
    expect(refusalOf(await app.request('POST', `${path}/restore`, { token: office }))).toEqual([403, 'forbidden']);
  });
});

describe('whoever changes the metadata', () => {
  const workflow = (name: string, entity: string, set: object) => ({
    op: 'setWorkflow',
    workflow: {
      ...{ name, label: { en: name }, entity, status: 'active', trigger: { type: 'record.updated' }, rules: [] },
      steps: [{ id: 'write', type: 'record.update', set }],
    },
  });

  test('has nobody write by a workflow what they may not write themselves', async () => {
    const [builder, modeller] = [await newPerson(app, ['builder']), await newPerson(app, ['modeller'])];
    const [builds, models] = [await builder.token(), await modeller.token()];
    // An administrator who changes anything of the builder would have made them one.
    expect((await apply(builds, workflow('escalate', 'users', { roles: ['admin'] }))).status).toBe(403);
    expect((await apply(builds, workflow('rewrite', 'leads', { company: 'Mine' }))).status).toBe(403);
    // Of their own records only.
    expect((await apply(models, workflow('rewrite', 'leads', { company: 'Mine' }))).status).toBe(403);
    await app.request('PATCH', `/users/${builder.id}`, { body: { job_title: 'Builder' } });
    const automation = await worker(app, app.parts.registry.current(), { actorById: actorsOf(app.knex).byId });
    await automation.idle();
    await automation.stop();
    expect((await app.request('GET', `/users/${builder.id}`)).body['data']?.['roles']).toEqual(['builder']);
    const entity = {
      ...{ name: 'gadgets', singular: 'gadget', plural: 'gadgets', label: { en: { one: 'Gadget', other: 'Gadgets' } } },
      ...{ display: { nameFields: ['name'] }, operations: ['create', 'read', 'update'] },
      fields: { name: { type: 'text', label: { en: 'Name' } }, note: { type: 'text', label: { en: 'Note' } } },
    };
    const own = await apply(builds, { op: 'addEntity', entity }, workflow('own', 'gadgets', { note: 'Seen' }));
    expect([own.status, own.body['errors']]).toEqual([200, undefined]);
  });

  test('lets a step that cannot tell what it writes be used by those only who may write all metadata', () => {
    const registry = app.parts.registry.current();
    const wanted = withWorkflows(registry, blank({ runAs: 'actor' }));
    const by = (role: string) => {
      const actor = actorOf(
        { id: rep.id, email: '', name: '', roles: [role], language: null, active: true, reach: { users: [], teams: [] } },
        registry,
      );
      return overreaching(actor, registry, wanted, () => 'anything').map(({ name }) => name);
    };
    expect([by('builder'), by('admin')]).toEqual([['test'], []]);
  });

  test('has no workflow set off by a role’s workflow do more than that role may', async () => {
    await changed(setRole('triage', {}, { leads: { read: 'all', update: 'all', fields: { company: { write: false } } } }));
    const flow = (id: string, runAs: string, field: string, set: object) =>
      blank({
        ...{ id, name: id, runAs },
        trigger: { type: 'record.updated', watchFields: [field] },
        steps: [{ id: 'write', type: 'record.update', set }],
      });
    const registry = withWorkflows(
      app.parts.registry.current(),
      flow('wf_first', 'triage', 'first_name', { last_name: 'Changed' }),
      flow('wf_closed', 'actor', 'last_name', { company: 'Mine' }),
      flow('wf_open', 'actor', 'last_name', { job_title: 'Mine' }),
    );
    const automation = await worker(app, registry, { actorById: actorsOf(app.knex).byId, actorOfRole });
    const lead = await made('leads', { last_name: 'Lead', company: 'Theirs' });
    await patch(await app.token(), `/leads/${lead}`, { first_name: 'First' });
    await automation.idle();
    await automation.stop();
    const { data } = (await app.request('GET', `/leads/${lead}`)).body;
    expect([data?.['last_name'], data?.['job_title'], data?.['company']]).toEqual(['Changed', 'Mine', 'Theirs']);
    const runs = (await runsOf(app, lead)).map(({ workflow_id, status }) => [workflow_id, status]);
    expect(runs).toEqual(
      expect.arrayContaining([
        ['wf_first', 'completed'],
        ['wf_closed', 'failed'],
        ['wf_open', 'completed'],
      ]),
    );
  });

  test('gives nobody rights to entities yet to come that they lack', () => {
    const registry = app.parts.registry.current();
    const by = (role: string) =>
      actorOf(
        { id: rep.id, email: '', name: '', roles: [role], language: null, active: true, reach: { users: [], teams: [] } },
        registry,
      );
    expect(mayGrant({ ...registry }, by('modeller'), ['later'])).toEqual(['later']);
    expect(mayGrant({ ...registry }, by('builder'), ['later'])).toEqual([]);
  });

  test('does not say whose records are that they may not read', async () => {
    const models = await (await newPerson(app, ['modeller'])).token();
    for (const [entity, set] of [
      ['contacts', { ownership: null }],
      ['auditlog', { about: null }],
    ] as const) {
      const { status, body } = await apply(models, { op: 'changeEntity', entity, set });
      const detail = `Whose the records of ${entity} are is for those to say who may read all of them.`;
      expect([status, (body['errors'] as never as { detail: string }[])?.map((issue) => issue.detail)]).toEqual([403, [detail]]);
    }
  });
});

describe('the value of a closed field', () => {
  const secret = 'TAX9876543210';
  let account: string;

  beforeAll(async () => {
    account = await made('accounts', { name: 'Taxed', tax_number: secret, registration_number: 'REG12' });
    await app.request('PATCH', `/accounts/${account}`, { body: { tax_number: `${secret}1` } });
  });

  const told = async (): Promise<string> =>
    textOf(await app.request('GET', `/auditlog?record_id[eq]=${account}`, { token: marketing }));

  test('is in no preview of a change of type', async () => {
    const path = '/meta/conversions?entity=accounts&field=registration_number&type=integer';
    const curious = await (await newPerson(app, ['curious'])).token();
    expect(textOf(await app.request('GET', path))).toContain('REG12');
    const answer = await app.request('GET', path, { token: curious });
    expect([answer.status, textOf(answer).includes('REG12')]).toEqual([400, false]);
    const nothing = await app.request('GET', path.replace('registration_number', 'never_was'), { token: curious });
    expect(
      textOf(answer)
        .replaceAll('registration_number', 'F')
        .replace(/"requestId":"[^"]*"/, ''),
    ).toBe(
      textOf(nothing)
        .replaceAll('never_was', 'F')
        .replace(/"requestId":"[^"]*"/, ''),
    );
  });

  test('nor is its name in the files of the metadata, for those who need not read these', async () => {
    for (const path of ['/meta/export?layers=all', '/meta/versions/1', '/meta/versions/compare?from=1', '/meta/versions'])
      for (const token of [marketing, repToken])
        expect([path, (await app.request('GET', path, { token })).status]).toEqual([path, 403]);
    expect(textOf(await app.request('GET', '/meta', { token: marketing }))).not.toContain('tax_number');
  });

  test('cannot be found by trying values against the digest of the audit, nor by a filter on it', async () => {
    expect(await told()).toMatch(/"salt":null,"digest":"[0-9a-f]{64}"/);
    for (const name of ['salt', 'changes'])
      for (const query of [
        `sort=${name}`,
        `filter=${encodeURIComponent(`{"fact":"${name}","operator":"isEmpty","value":false}`)}`,
      ])
        expect([query, (await app.request('GET', `/auditlog?${query}`, { token: marketing })).status]).toEqual([query, 400]);
    expect(textOf(await app.request('GET', `/auditlog?record_id[eq]=${account}`))).toMatch(/"salt":"[0-9a-f]{32}"/);
  });

  test('is in no audit row from before it had another name, or was retired', async () => {
    await changed({ op: 'renameField', entity: 'accounts', name: 'tax_number', to: 'vat_number' });
    expect(await told()).toContain('"changes":{');
    expect(await told()).not.toContain(secret);
    await changed({ op: 'retireField', entity: 'accounts', name: 'vat_number', cascade: true });
    expect(await told()).not.toContain(secret);
    expect(textOf(await app.request('GET', `/auditlog?record_id[eq]=${account}`))).toContain(secret);
  });
});

describe('rows that one may not read', () => {
  test('are in no estimate', async () => {
    for (let at = 0; at < 30; at++) await app.repository.create(app.context(), 'leads', { last_name: `L${at}`, company: 'Big' });
    await app.knex.raw(`ANALYZE ${app.registry.entities.get('leads')?.qualifiedTable}`);
    const asked = '/leads?count=estimated&limit=1&company[eq]=Big';
    expect((await app.request('GET', asked)).body['page']).toMatchObject({ total: 30, totalIs: 'estimated' });
    expect((await app.request('GET', asked, { token: repToken })).body['page']).toMatchObject({ total: 0, totalIs: 'exact' });
  });
});

describe('what one may write but not read', () => {
  const query = (owner: string) =>
    `mutation { mine: createLead(input: { last_name: "Mine", company: "C" }) { last_name }
      theirs: createLead(input: { last_name: "Theirs", company: "C", owner_id: "${owner}" }) { last_name version } }`;

  test('is written by GraphQL as by REST, and told of by its id and version alone', async () => {
    const token = await (await newPerson(app, ['intake'])).token();
    const document = { query: query(colleague.id) };
    const headers = { 'Idempotency-Key': 'written-blindly' };
    const { status, body } = await app.request('POST', '/graphql', { token, body: document, headers });
    expect([status, body['errors'], body['data']]).toEqual([200, undefined, { mine: { last_name: 'Mine' }, theirs: null }]);
    const [told, ...others] = (body['extensions']?.['unreadable'] ?? []) as never as { id: string; version: number }[];
    expect([told, others]).toEqual([{ path: ['theirs'], id: expect.any(String), version: 1 }, []]);
    const record = await app.request('GET', `/leads/${told?.id}`);
    expect(record.body['data']).toMatchObject({ last_name: 'Theirs', owner_id: colleague.id });
    expect((await app.request('GET', `/leads/${told?.id}`, { token })).status).toBe(404);
    expect((await app.request('POST', '/graphql', { token, body: document, headers })).body).toEqual(body);
  });
});

describe('an answer that is kept for its Idempotency-Key', () => {
  test('is given again to the same rights only, over REST and GraphQL', async () => {
    const person = await newPerson(app, ['marketing']);
    const token = await person.token();
    const create = (key: string, as: string) =>
      app.request('POST', '/campaigns', { token: as, body: { name: 'Kept' }, headers: { 'Idempotency-Key': key } });
    const mutate = (key: string, as: string) =>
      app.request('POST', '/graphql', {
        token: as,
        body: { query: 'mutation { createCampaign(input: { name: "Kept" }) { id name } }' },
        headers: { 'Idempotency-Key': key },
      });
    for (const [ask, key] of [
      [create, randomUUID()],
      [mutate, randomUUID()],
    ] as const) {
      const first = await ask(key, token);
      expect(JSON.stringify(first.body)).toContain('Kept');
      expect((await ask(key, token)).body).toEqual(first.body);
    }
    const [rest, graphql] = [randomUUID(), randomUUID()];
    await create(rest, token);
    await mutate(graphql, token);
    const before = (await app.request('GET', '/campaigns?filter[name]=Kept&count=exact')).body;
    await app.request('PATCH', `/users/${person.id}`, { body: { roles: ['marketing', 'support'] } });
    const now = await person.token();
    for (const answer of [await create(rest, now), await mutate(graphql, now)]) {
      expect(JSON.stringify(answer.body)).toContain('idempotency_rights_changed');
      expect(JSON.stringify(answer.body)).not.toContain('Kept');
    }
    expect((await app.request('GET', '/campaigns?filter[name]=Kept&count=exact')).body['data']).toEqual(before['data']);
  });
});

describe('an import', () => {
  const csv = 'Key,Last,Value\nk1,Imported,1990-01-01\n';
  const start = (field: string) => post(app, '/contacts/import', { mapping: mappingTo(field), csv }, { token: marketing });
  const mappingTo = (field: string) => ({
    id: 'imp_tried',
    entity: 'contacts',
    upsertOn: 'external_id',
    fields: { external_id: { column: 'Key' }, last_name: { column: 'Last' }, [field]: { column: 'Value' } },
  });

  test('takes what its role may write, and knows no closed field from one that never was', async () => {
    expect((await start('notes')).status).toBe(202);
    const findings = async (field: string) => {
      const { status, body } = await start(field);
      return [
        status,
        JSON.stringify(body['errors'])
          .replaceAll(field, 'FIELD')
          .replace(/ Did you mean [^?]*\?/g, ''),
      ];
    };
    expect(await findings('birthdate')).toEqual(await findings('never_was'));
    expect((await findings('birthdate'))[0]).toBe(422);
  });
});
