// Where the bytes of files are: by the SHA-256 of their content, so that the same bytes are kept once and never change.
import type { Readable } from 'node:stream';

export interface ByteRange {
  readonly start: number;
  /** Included. */
  readonly end: number;
}

export interface FileStore {
  /** Takes a file over from the disk, or drops it where its bytes are kept already. */
  keep(path: string, digest: string, size: number): Promise<void>;
  /** @throws Error when nothing is kept under the digest */
  open(digest: string, range?: ByteRange): Promise<Readable>;
  has(digest: string): Promise<boolean>;
  remove(digest: string): Promise<void>;
}

export const digestPattern = /^[0-9a-f]{64}$/;
