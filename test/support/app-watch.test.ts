// The watch over all answers of the tests: it finds a secret, and what is closed to a caller, in whatever answer they are.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { newPerson } from '../auth/support/people.ts';
import { startTestApp, type TestApp } from './app.ts';
import { watchedFetch } from './watched-fetch.ts';

let app: TestApp;
/** Says what it is told to say, as if it were a node of the application. */
let parrot: Server;
let words = '';
let url = '';
let rep = '';

beforeAll(async () => {
  app = await startTestApp();
  rep = await (await newPerson(app, ['sales_rep'])).token();
  parrot = createServer((_request, response) => response.end(words)).listen(0, '127.0.0.1');
  await once(parrot, 'listening');
  url = `http://127.0.0.1:${(parrot.address() as AddressInfo).port}/`;
  app.watching.over(url);
});
afterEach(() => {
  words = '';
});
afterAll(async () => {
  parrot.closeAllConnections();
  parrot.close();
  await expect(app.stop()).rejects.toThrow(/^refresh_tokens is in the answer to GET \//);
});

const ask = (token: string): Promise<Response> => watchedFetch(url, { headers: { Authorization: `Bearer ${token}` } });

describe('an answer', () => {
  test('with the hash of a password is refused at once, whoever asked', async () => {
    const [row] = await app.knex.withSchema('crm_core').from('crm_users').select('password');
    words = JSON.stringify({ told: row.password });
    await expect(ask(await app.token())).rejects.toThrow('holds the hash of a password');
    await expect(watchedFetch(url)).rejects.toThrow('holds the hash of a password');
  });

  test('with a record, or a field, that is closed to who asked is refused; not to who may see it', async () => {
    await app.request('GET', '/accounts', { token: rep });
    const all = async (entity: string) => JSON.stringify((await app.request('GET', `/${entity}?limit=200`)).body);
    const [accounts, products] = [await all('accounts'), await all('products')];
    words = accounts;
    await expect(ask(rep)).rejects.toThrow('sales_rep sees accounts.name of a stranger');
    await expect(ask('')).rejects.toThrow('Nobody sees accounts.name of a stranger');
    expect((await ask(await app.token())).status).toBe(200);
    words = products;
    await expect(ask(rep)).rejects.toThrow('sales_rep sees products.cost of a stranger');
    words = JSON.stringify((await app.request('GET', '/products?limit=200', { token: rep })).body);
    expect((await ask(rep)).status).toBe(200);
    expect(words).toMatch(/zq\w{6}q/);
  });

  // What happens then, `afterAll` sees.
  test('with another secret is told of at the end', async () => {
    const [row] = await app.knex.withSchema('crm_core').from('crm_refresh_tokens').select('token_hash');
    words = JSON.stringify({ told: row.token_hash });
    expect((await ask(await app.token())).status).toBe(200);
  });
});
