// GraphQL over HTTP: queries, connections, filters, mutations in one transaction, problems in extensions.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const run = async (query: string, variables: Record<string, unknown> = {}, headers: Record<string, string> = {}) => {
  const { body, status } = await app.request('POST', '/graphql', { body: { query, variables }, headers });
  return {
    ...(body as unknown as { data?: Record<string, never>; errors?: { message: string; extensions: Record<string, unknown> }[] }),
    status,
  };
};

describe('graphql', () => {
  test('creates, reads with relations, lists and counts in one document each', async () => {
    const created = await run(
      'mutation($a: AccountCreate!, $c: ContactCreate!) { createAccount(input: $a) { id } createContact(input: $c) { id version display_name email } }',
      {
        a: { name: 'Northern Lights', industry: 'energy' },
        c: { first_name: 'Ada', last_name: 'Lovelace', email: 'ADA@Example.org' },
      },
    );
    expect(created.errors).toBeUndefined();
    const { createAccount, createContact } = created.data as unknown as {
      createAccount: { id: string };
      createContact: Record<string, unknown>;
    };
    expect(createContact).toMatchObject({ version: 1, display_name: 'Ada Lovelace', email: 'ada@example.org' });
    const linked = await run(
      'mutation($id: ID!, $account: ID!) { updateContact(id: $id, patch: { account_id: $account }, ifVersion: 1) { version account { name } } }',
      {
        id: createContact['id'],
        account: createAccount.id,
      },
    );
    expect(linked.data).toEqual({ updateContact: { version: 2, account: { name: 'Northern Lights' } } });
    const read = await run(
      `query($id: ID!) {
        account(id: $id) { name people: contacts(first: 1, sort: "last_name") { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { ...who } } } }
        accounts(filter: { contacts: { some: { email: { eq: "ada@example.org" } } } }) { totalCount nodes { name } }
        contacts(filter: { or: [{ account: { name: { icontains: "LIGHTS" } } }, { last_name: { eq: "nobody" } }] }, sort: "-created_at") { nodes { ...who } }
      }
      fragment who on Contact { email __typename }`,
      { id: createAccount.id },
    );
    expect(read.errors).toBeUndefined();
    const data = read.data as unknown as Record<string, { people: { edges: { cursor: string }[] } }>;
    expect(read.data).toMatchObject({
      account: {
        name: 'Northern Lights',
        people: {
          totalCount: 1,
          pageInfo: { hasNextPage: false },
          edges: [{ node: { email: 'ada@example.org', __typename: 'Contact' } }],
        },
      },
      accounts: { totalCount: 1, nodes: [{ name: 'Northern Lights' }] },
      contacts: { nodes: [{ email: 'ada@example.org' }] },
    });
    expect(data['account']?.people.edges[0]?.cursor).toMatch(/^[\w-]+$/);
  });

  test('pages forwards and backwards with the cursors it gave', async () => {
    await run('mutation($inputs: [TagCreate!]!) { createTags(inputs: $inputs) { id } }', {
      inputs: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name: `page-${name}` })),
    });
    const names = async (args: string) => {
      const { data, errors } = await run(
        `{ tags(filter: { name: { startsWith: "page-" } }, sort: "name", ${args}) { nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      );
      expect(errors).toBeUndefined();
      const tags = (
        data as unknown as {
          tags: {
            nodes: { name: string }[];
            pageInfo: { startCursor: string; endCursor: string; hasNextPage: boolean; hasPreviousPage: boolean };
          };
        }
      ).tags;
      return { names: tags.nodes.map((node) => node.name.slice(5)).join(''), ...tags.pageInfo };
    };
    const first = await names('first: 2');
    expect(first).toMatchObject({ names: 'ab', hasNextPage: true, hasPreviousPage: false });
    const second = await names(`first: 2, after: "${first.endCursor}"`);
    expect(second).toMatchObject({ names: 'cd', hasNextPage: true, hasPreviousPage: true });
    expect(await names(`last: 2, before: "${second.startCursor}"`)).toMatchObject({ names: 'ab', hasPreviousPage: false });
    expect(await names('last: 2')).toMatchObject({ names: 'de', hasNextPage: false, hasPreviousPage: true });
    expect(await names('first: 2, offset: 4')).toMatchObject({ names: 'e', hasNextPage: false });
  });

  test('a mutation that fails takes the whole document back, and says why as a problem', async () => {
    const failed = await run(
      'mutation { createTag(input: { name: "half" }) { id } createContact(input: { last_name: "", email: "nope" }) { id } }',
    );
    expect(failed.errors?.[0]?.extensions).toMatchObject({ code: 'validation_failed', status: 422 });
    expect(failed.errors?.[0]?.extensions['errors']).toEqual(
      expect.arrayContaining([expect.objectContaining({ pointer: '/email' })]),
    );
    const { data } = await run('{ tags(filter: { name: { eq: "half" } }) { totalCount } }');
    expect(data).toEqual({ tags: { totalCount: 0 } });
  });

  test('a repeated mutation with the same key runs once; with another body it is refused', async () => {
    const key = { 'Idempotency-Key': '"graphql-once"' };
    const first = await run('mutation { createTag(input: { name: "once" }) { id } }', {}, key);
    const again = await run('mutation { createTag(input: { name: "once" }) { id } }', {}, key);
    expect(first.errors).toBeUndefined();
    expect(again.data).toEqual(first.data);
    const other = await app.request('POST', '/graphql', {
      body: { query: 'mutation { createTag(input: { name: "other" }) { id } }' },
      headers: key,
    });
    expect(other.status).toBe(422);
    expect(other.body['code']).toBe('idempotency_key_reused');
    const missing = await app.request('POST', '/graphql', {
      body: { query: 'mutation { createTag(input: { name: "nokey" }) { id } }' },
      headers: { 'Idempotency-Key': '' },
    });
    expect(missing.body['code']).toBe('idempotency_key_missing');
  });

  test('deletes, answers null for the missing, restores; versions are held', async () => {
    const made = (await run('mutation { createTag(input: { name: "gone" }) { id } }')).data as unknown as {
      createTag: { id: string };
    };
    const { id } = made.createTag;
    const stale = await run('mutation($id: ID!) { deleteTag(id: $id, ifVersion: 7) { id } }', { id });
    expect(stale.errors?.[0]?.extensions).toMatchObject({ code: 'stale_version', current: { name: 'gone' } });
    expect((await run('mutation($id: ID!) { deleteTag(id: $id) { version } }', { id })).data).toEqual({
      deleteTag: { version: 2 },
    });
    expect((await run('query($id: ID!) { tag(id: $id) { id } }', { id })).data).toEqual({ tag: null });
    expect((await run('mutation($id: ID!) { restoreTag(id: $id) { name } }', { id })).data).toEqual({
      restoreTag: { name: 'gone' },
    });
    const upserted = await run('mutation { upsertTag(input: { name: "gone", color: "#ff0000" }, on: "name") { id color } }');
    expect(upserted.data).toEqual({ upsertTag: { id, color: '#ff0000' } });
  });

  test('what cannot be asked is refused before anything runs', async () => {
    const deep = `{ contacts { nodes { ${'account { contacts { nodes { '.repeat(6)} id ${'} } } '.repeat(6)} } } }`;
    const cases: [string, string | RegExp][] = [
      [deep, /nest at most/],
      [`{ ${Array.from({ length: 21 }, (_, n) => `t${n}: tags { totalCount }`).join(' ')} }`, /At most 20 fields/],
      ['{ contacts(first: 1000) { nodes { id } } }', /A page has 1 to 200/],
      ['{ contacts(sort: "nope") { nodes { id } } }', /Cannot sort by "nope"/],
      ['{ contacts(first: 1, last: 1) { nodes { id } } }', /not both/],
      ['{ contacts(after: "xx") { nodes { id } } }', /cursor/i],
      ['{ nothing }', /Cannot query field/],
      ['{ users { nodes { password } } }', /Cannot query field/],
    ];
    for (const [query, message] of cases) {
      const { errors, status } = await run(query);
      expect({ query, message: errors?.map((error) => error.message).join() }).toEqual({
        query,
        message: expect.stringMatching(message),
      });
      expect(status).toBeLessThan(500);
    }
  });
});
