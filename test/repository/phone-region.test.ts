// The country of a national telephone number: the record's own, else that of what it refers to, else the application's.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const post = (entity: string, body: object) => app.request('POST', `/${entity}`, { body });
const account = async (country: string | null): Promise<string> => {
  const address = country === null ? {} : { billing_address: { country } };
  return String((await post('accounts', { name: `Account ${country}`, ...address })).body['data']?.['id']);
};
const phoneOf = async (body: object): Promise<unknown> => {
  const answer = await post('contacts', { last_name: 'Caller', phone: '030 901820', ...body });
  return answer.status === 201 ? answer.body['data']?.['phone'] : answer.body['errors']?.[0]?.['detail'];
};

describe('a national number', () => {
  test('is read in the record’s country, then in its account’s, then in the default one', async () => {
    const [german, french, none] = [await account('DE'), await account('FR'), await account(null)];
    expect(await phoneOf({ mailing_address: { country: 'DE' }, account_id: french })).toBe('+4930901820');
    expect(await phoneOf({ account_id: german })).toBe('+4930901820');
    expect(await phoneOf({ account_id: none, phone: '202-555-0143' })).toBe('+12025550143');
    expect(await phoneOf({ account_id: none })).toContain('not a valid phone number in US');
    expect(await phoneOf({ account_id: french })).toContain('in FR');
    expect(await phoneOf({ account_id: french, phone: '+49 30 901820' })).toBe('+4930901820');
  });

  test('does so for a patch, where the account is there already, and is refused with a bad reference like any other', async () => {
    const german = await account('DE');
    const { body } = await post('contacts', { last_name: 'Later', account_id: german });
    const patched = await app.request('PATCH', `/contacts/${body['data']?.['id']}`, { body: { mobile: '0151 23456789' } });
    expect(patched.body['data']?.['mobile']).toBe('+4915123456789');
    const bad = await post('contacts', { last_name: 'Bad', account_id: 'no id', phone: '030 901820' });
    expect([bad.status, [...(bad.body['errors'] ?? [])].map((error) => error['pointer']).sort()]).toEqual([
      422,
      ['/account_id', '/phone'],
    ]);
  });

  test('finds the account’s country in its parent', async () => {
    const parent = await account('DE');
    const child = await post('accounts', { name: 'Child', parent_id: parent, phone: '030 901820' });
    expect(child.body['data']?.['phone']).toBe('+4930901820');
  });
});
