// The file store that the configuration asks for, the folder where uploads arrive, and the largest of them.
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { diskStore } from './disk-store.ts';
import { s3Store } from './s3-store.ts';
import type { FileStore } from './store.ts';

export interface FileServices {
  readonly store: FileStore;
  /** Uploads under way; on the file system of the store. */
  readonly arriving: string;
  /** Bytes. */
  readonly largest: number;
}

type FileConfig = Pick<
  Config,
  'dataDir' | 'filesDir' | 'maxFileSize' | 's3Bucket' | 's3Endpoint' | 's3Region' | 's3AccessKey' | 's3SecretKey'
>;

export function fileServices(config: FileConfig): FileServices {
  const folder = config.filesDir ?? join(config.dataDir, 'files');
  const { s3Bucket: bucket, s3Endpoint: endpoint, s3Region: region, s3AccessKey: accessKey, s3SecretKey: secretKey } = config;
  return {
    store: bucket === undefined ? diskStore(folder) : s3Store({ bucket, endpoint, region, accessKey, secretKey }),
    arriving: join(folder, 'arriving'),
    largest: config.maxFileSize,
  };
}
