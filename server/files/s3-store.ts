// Files in an S3-compatible store. Its client is loaded when the first file comes or goes: a start does not pay for it.
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { digestPattern, type FileStore } from './store.ts';

export interface S3Settings {
  readonly bucket: string;
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly accessKey?: string | undefined;
  readonly secretKey?: string | undefined;
}

const isMissing = (error: unknown): boolean =>
  (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode === 404;

export function s3Store(settings: S3Settings): FileStore {
  const Bucket = settings.bucket;
  let connected: Promise<{ client: S3Client; sdk: typeof import('@aws-sdk/client-s3') }> | undefined;
  const connect = () => {
    connected ??= import('@aws-sdk/client-s3').then((sdk) => ({ sdk, client: new sdk.S3Client(clientSettings(settings)) }));
    return connected;
  };
  const place = (digest: string): string => {
    if (!digestPattern.test(digest)) throw new Error('This is not a digest');
    return `content/${digest}`;
  };
  const has = async (digest: string): Promise<boolean> => {
    const { sdk, client } = await connect();
    try {
      await client.send(new sdk.HeadObjectCommand({ Bucket, Key: place(digest) }));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  };
  return {
    has,
    keep: async (path, digest, size) => {
      if (!(await has(digest))) {
        const [{ client }, { Upload }] = await Promise.all([connect(), import('@aws-sdk/lib-storage')]);
        const Body = createReadStream(path);
        // In parts, so that none is in memory whole; what fails half-way is taken back.
        await new Upload({ client, params: { Bucket, Key: place(digest), Body, ContentLength: size } }).done();
      }
      await rm(path, { force: true });
    },
    open: async (digest, range) => {
      const { sdk, client } = await connect();
      const Range = range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` };
      const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket, Key: place(digest), ...Range }));
      if (!(Body instanceof Readable)) throw new Error('The store answered without a body');
      return Body;
    },
    remove: async (digest) => {
      const { sdk, client } = await connect();
      await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: place(digest) }));
    },
  };
}

function clientSettings({ endpoint, region, accessKey, secretKey }: S3Settings) {
  return {
    region,
    // Stores other than Amazon's rarely have a name for each bucket.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(accessKey === undefined || secretKey === undefined
      ? {}
      : { credentials: { accessKeyId: accessKey, secretAccessKey: secretKey } }),
    // Checksums beyond what is asked for are unknown to many of them.
    requestChecksumCalculation: 'WHEN_REQUIRED' as const,
    responseChecksumValidation: 'WHEN_REQUIRED' as const,
  };
}
