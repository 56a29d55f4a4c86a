// The OpenAPI document: valid by its own rules, complete, and true to what the server does.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { packageRoot } from '../../server/package-root.ts';
import { type AnswerBody, startTestApp, type TestApp } from '../support/app.ts';

/** Any JSON: each member may be looked into, like the answers of the test client. */
type Json = AnswerBody;
let app: TestApp;
let document: Json;
beforeAll(async () => {
  app = await startTestApp();
  document = (await app.request('GET', '/openapi.json')).body;
});
afterAll(() => app.stop());

interface Operation {
  readonly operationId: string;
  readonly responses: object;
  readonly parameters?: readonly { readonly $ref?: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: Record<string, unknown> }>> };
}

const operations = (): { path: string; method: string; operation: Operation }[] =>
  Object.entries(document['paths'] as object as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== 'servers')
      .map(([method, operation]) => ({ path, method, operation })),
  );

describe('the document', () => {
  test('passes redocly lint without an error', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'formwork-openapi-'));
    const file = join(folder, 'openapi.json');
    await writeFile(file, JSON.stringify(document));
    const cli = join(packageRoot(), 'node_modules', '@redocly', 'cli', 'bin', 'cli.js');
    const environment = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NODE_OPTIONS: '' };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [cli, 'lint', '--format=json', '--extends=recommended', '--max-problems=50', file],
      {
        env: environment,
        cwd: folder,
        maxBuffer: 64 * 1024 * 1024,
      },
    ).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }));
    await rm(folder, { recursive: true, force: true });
    const report = JSON.parse(stdout) as {
      totals: { errors: number };
      problems: { severity: string; ruleId: string; message: string }[];
    };
    expect(
      report.problems.filter((found) => found.severity === 'error').map((found) => `${found.ruleId}: ${found.message}`),
    ).toEqual([]);
    expect(report.totals.errors).toBe(0);
  }, 60_000);

  test('tells of the routes of every part, and where those outside of the base path stand', () => {
    const paths = document['paths'] as object as Record<string, { servers?: unknown }>;
    for (const path of ['/auth/login', '/auth/me', '/meta', '/meta/forms/{entity}', '/graphql', '/{entity}/import', '/search']) {
      expect(paths).toHaveProperty([path]);
    }
    expect(paths['/health/ready']?.servers).toEqual([{ url: '/' }]);
  });

  test('is kept by its ETag', async () => {
    const { headers } = await app.request('GET', '/openapi.json');
    const again = await app.request('GET', '/openapi.json', { headers: { 'If-None-Match': headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });

  test('has every entity with the operations that it declares, each with an id of its own', () => {
    const paths = document['paths'] as Record<string, Record<string, unknown>>;
    for (const entity of app.registry.entities.values()) {
      const methods = { get: 'read', post: 'create', patch: 'update', delete: 'delete' } as const;
      const declared = Object.entries(methods).filter(([, operation]) => entity.operations.has(operation));
      expect(Object.keys(paths[`/${entity.name}`] ?? {})).toEqual(declared.map(([method]) => method));
      expect('patch' in (paths[`/${entity.name}/{id}`] ?? {})).toBe(entity.operations.has('update'));
      expect(`/${entity.name}/{id}/restore` in paths).toBe(entity.operations.has('restore'));
    }
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operation } of operations()) {
      expect(Object.keys(operation.responses).some((status) => status.startsWith('4'))).toBe(true);
    }
  });

  test('every write but sign-in and queries asks for an Idempotency-Key', () => {
    const key = '#/components/parameters/IdempotencyKey';
    for (const { path, method, operation } of operations()) {
      if (!/^\/[a-z_]+(\/\{id\}.*)?$/.test(path) || path.startsWith('/auth') || method === 'get') continue;
      if (path.endsWith('/duplicates')) continue;
      if (!app.registry.entities.has(path.split('/')[1] ?? '')) continue;
      const refs = (operation.parameters ?? []).map((parameter) => parameter.$ref);
      expect([path, method, refs.includes(key)]).toEqual([path, method, true]);
    }
  });

  test('names no secret to read and no hidden field at all', () => {
    const schemas = (document['components'] as Json)['schemas'] as Record<string, { properties: Record<string, unknown> }>;
    expect(schemas['user']?.properties).not.toHaveProperty('password');
    expect(schemas['user_create']?.properties).toHaveProperty('password');
    expect(schemas['contact']?.properties).not.toHaveProperty('search_text');
    expect(schemas['contact_create']?.properties).not.toHaveProperty('version');
  });
});

describe('the document is true', () => {
  const validator = (ref: string) => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
    const withFormats =
      (addFormats as never as { default?: (ajv: unknown) => void }).default ?? (addFormats as never as (ajv: unknown) => void);
    withFormats(ajv);
    ajv.addSchema({ ...(document as object), $id: 'openapi' });
    const check = ajv.compile({ $ref: `openapi#/components/schemas/${ref}` });
    return (value: unknown) =>
      check(value) ? [] : (check.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  };

  test('records come as their schema says, relations included', async () => {
    const account = await app.request('POST', '/accounts', { body: { name: 'Engines' } });
    const made = await app.request('POST', '/contacts?include=account,owner', {
      body: { last_name: 'Lovelace', email: 'ada@example.com', account_id: account.body['data']?.['id'] },
    });
    expect(made.status).toBe(201);
    expect(validator('contact')(made.body['data'])).toEqual([]);
    const read = await app.request('GET', `/accounts/${account.body['data']?.['id']}?include=contacts`);
    expect(validator('account')(read.body['data'])).toEqual([]);
    const known = new Set(
      Object.keys(
        ((document['components'] as Json)['schemas'] as Record<string, { properties: object }>)['contact']?.properties ?? {},
      ),
    );
    expect(Object.keys(made.body['data'] ?? {}).filter((name) => !known.has(name))).toEqual([]);
  });

  test('problems come as their schema says', async () => {
    const { body } = await app.request('POST', '/contacts', { body: { nonsense: 1 } });
    expect(validator('Problem')(body)).toEqual([]);
  });

  test('the example of every create that has no reference is taken', async () => {
    const examples = operations().flatMap(({ path, method, operation }) => {
      const example = operation.requestBody?.content['application/json']?.example;
      return method === 'post' && example !== undefined && app.registry.entities.has(path.slice(1)) ? [{ path, example }] : [];
    });
    expect(examples.length).toBeGreaterThan(5);
    for (const { path, example } of examples) {
      if (Object.keys(example).some((name) => name.endsWith('_id'))) continue;
      const { status, body } = await app.request('POST', path, { body: example });
      expect([path, example, status, body['errors']]).toEqual([path, example, 201, undefined]);
    }
  });
});
