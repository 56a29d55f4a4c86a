// Request bodies: what is taken and how everything else is refused.
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Middleware } from 'koa';
import { hasBody, readJson } from '../../server/http/json-body.ts';
import { raw, startServer, type TestServer } from './koa-server.ts';

const limit = 1_000;
let broken: (error: unknown) => void = () => undefined;
const failure = new Promise<unknown>((resolve) => {
  broken = resolve;
});
const watch: Middleware = (ctx, next) =>
  next().catch((error: unknown) => {
    if (ctx.request.length === 100) broken(error);
    throw error;
  });
const echo: Middleware = async (ctx) => {
  if (!hasBody(ctx)) {
    ctx.body = { none: true };
    return;
  }
  const { value, text } = await readJson(ctx, { limit, types: ['application/merge-patch+json'] });
  ctx.body = { value, bytes: Buffer.byteLength(text) };
};

let server: TestServer;
beforeAll(async () => {
  server = await startServer([watch, echo]);
});
afterAll(() => server.close());

const send = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => {
  const response = await fetch(server.url, { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } });
  const answer = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, answer };
};

describe('taken', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/merge-patch+json',
  ])('%s', async (type) => {
    expect((await send('{"a":[1,"ü"]}', { 'Content-Type': type })).answer).toEqual({ value: { a: [1, 'ü'] }, bytes: 14 });
  });

  test('a chunked body, whose length nobody announces', async () => {
    const chunk = '7\r\n{"a":1}\r\n0\r\n\r\n';
    const head =
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n';
    expect(await raw(server.port, head + chunk, /"bytes"/)).toContain('"value":{"a":1}');
  });

  test('nothing at all, where the endpoint asks first', async () => {
    const response = await fetch(server.url, { method: 'POST' });
    expect(await response.json()).toEqual({ none: true });
  });
});

describe('refused', () => {
  test.each([
    ['text/plain', {}],
    ['application/json; charset=latin1', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/json', { 'Content-Encoding': 'gzip' }],
  ])('%s %j is a 415', async (type, more) => {
    const { status, answer } = await send('{}', { 'Content-Type': type, ...more });
    expect([status, answer['code']]).toEqual([415, 'unsupported_media_type']);
  });

  test('a body without a type is a 415', async () => {
    const answer = await raw(
      server.port,
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
      /requestId/,
    );
    expect(answer).toMatch(/^HTTP\/1.1 415 /);
  });

  test('an announced length over the limit is a 413 before the body arrives', async () => {
    const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${limit + 1}\r\n\r\n`;
    const answer = await raw(server.port, head, /requestId/);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('too_large');
  });

  test('a chunked body over the limit is a 413 while it arrives', async () => {
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const answer = await raw(server.port, `${head}800\r\n${'1'.repeat(0x800)}\r\n`, /requestId/);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  test('a body of exactly the limit is taken', async () => {
    expect((await send(`"${'x'.repeat(limit - 2)}"`)).status).toBe(200);
    expect((await send(`"${'x'.repeat(limit - 1)}"`)).status).toBe(413);
  });

  test('bytes that are not UTF-8 are a 400', async () => {
    const { status, answer } = await send(new Uint8Array([0x22, 0xff, 0x22]));
    expect([status, answer['code']]).toEqual([400, 'malformed_json']);
  });

  test('malformed JSON is a 400 that does not quote the body', async () => {
    const { status, answer } = await send('{"password": hunter2}');
    expect([status, answer['code']]).toEqual([400, 'malformed_json']);
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  test("a body that breaks off is the caller's fault", async () => {
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a"';
    const socket = connect(server.port, '127.0.0.1', () => socket.end(head));
    socket.resume();
    await expect(failure).resolves.toMatchObject({ code: 'bad_request' });
  });
});
