// GET {base}/meta and GET {base}/meta/forms/{entity}, over HTTP.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

describe('the metadata over HTTP', () => {
  test('answers the document of the caller', async () => {
    const { status, body } = await app.request('GET', '/meta');
    expect(status).toBe(200);
    expect(body['data']?.['user']?.['email']).toBe(app.adminEmail);
    expect(Object.keys(body['data']?.['entities'] ?? {})).toContain('contacts');
  });

  test('needs somebody to be signed in', async () => {
    expect((await app.request('GET', '/meta', { token: null })).status).toBe(401);
    expect((await app.request('GET', '/meta/forms/contacts', { token: null })).status).toBe(401);
  });

  test('answers the form of an entity in the language asked for', async () => {
    const arabic = await app.request('GET', '/meta/forms/contacts?language=ar');
    expect(arabic.status).toBe(200);
    expect(arabic.body['data']?.['schema']?.['properties']?.['email']?.['title']).toBe('البريد الإلكتروني');
    const plain = await app.request('GET', '/meta/forms/contacts');
    expect(plain.body['data']?.['schema']?.['properties']?.['email']?.['title']).toBe('Email');
  });

  test('refuses an unknown entity, parameter and method, each with its problem', async () => {
    expect((await app.request('GET', '/meta/forms/no_such')).status).toBe(404);
    const unknown = await app.request('GET', '/meta/forms/contacts?lang=ar');
    expect([unknown.status, unknown.body['code']]).toEqual([400, 'unknown_parameter']);
    expect((await app.request('POST', '/meta', { body: {} })).status).toBe(405);
  });
});
