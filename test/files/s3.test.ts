// The same with the bytes in an S3-compatible store: a real server of that protocol on this machine. (It knows its access keys, but computes no signatures of version 4.)
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import S3rver from 's3rver';
import { s3Store } from '../../server/files/s3-store.ts';
import { specimensRegistry } from '../fields/support/specimens.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { fileClient } from './support/file-client.ts';
import { png } from './support/images.ts';

let app: TestApp;
let server: S3rver;
let folder: string;
let endpoint: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'formwork-s3-'));
  server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: join(folder, 'store'),
    configureBuckets: [{ name: 'records', configs: [] }],
  });
  const { port } = await server.run();
  endpoint = `http://127.0.0.1:${port}`;
  app = await startTestApp({
    registry: await specimensRegistry(),
    environment: {
      FORMWORK_FILES_DIR: join(folder, 'arriving'),
      FORMWORK_S3_BUCKET: 'records',
      FORMWORK_S3_ENDPOINT: endpoint,
      FORMWORK_S3_ACCESS_KEY: 'S3RVER',
      FORMWORK_S3_SECRET_KEY: 'S3RVER',
    },
  });
});
afterAll(async () => {
  await app.stop();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const store = (accessKey = 'S3RVER') =>
  s3Store({ bucket: 'records', endpoint, region: 'us-east-1', accessKey, secretKey: 'S3RVER' });
function fileOf(bytes: Buffer): readonly [path: string, digest: string, size: number] {
  const path = join(folder, `f${randomBytes(4).toString('hex')}`);
  writeFileSync(path, bytes);
  return [path, createHash('sha256').update(bytes).digest('hex'), bytes.length];
}

test('files of records are uploaded to it, and come from it whole and in parts', async () => {
  const { upload, download } = fileClient(app);
  const bytes = png(9, 9);
  const scan = (await upload(bytes, { name: 'nine.png' })).body.data;
  const { body } = await app.request('POST', '/specimens', { body: { name: { family: 'Owen' }, scan } });
  const id = body['data']?.['id'];
  const answer = await download(id);
  expect([answer.status, answer.bytes]).toEqual([200, bytes]);
  const part = await download(id, 'scan', { headers: { Range: 'bytes=0-7' } });
  expect([part.status, part.bytes]).toEqual([206, bytes.subarray(0, 8)]);
});

test('larger ones go in parts, the same bytes only once, and are gone when they are removed', async () => {
  const bytes = randomBytes(6 * 1024 * 1024);
  const [path, digest, size] = fileOf(bytes);
  const own = store();
  expect(await own.has(digest)).toBe(false);
  await own.keep(path, digest, size);
  const [again] = fileOf(bytes);
  await own.keep(again, digest, size);
  expect(await own.has(digest)).toBe(true);
  const read = createHash('sha256');
  for await (const chunk of await own.open(digest)) read.update(chunk as Buffer);
  expect(read.digest('hex')).toBe(digest);
  const ranged = await own.open(digest, { start: 3, end: 3 });
  expect(Buffer.from(await text(ranged.setEncoding('latin1') as never), 'latin1')).toEqual(bytes.subarray(3, 4));
  await own.remove(digest);
  expect(await own.has(digest)).toBe(false);
  await expect(own.open(digest)).rejects.toThrow();
});

test('an access key that the store does not know fails, and keeps nothing', async () => {
  const [path, digest, size] = fileOf(Buffer.from('x'));
  await expect(store('wrong').keep(path, digest, size)).rejects.toThrow();
  expect(await store().has(digest)).toBe(false);
  await expect(store().open('../records')).rejects.toThrow('not a digest');
});
