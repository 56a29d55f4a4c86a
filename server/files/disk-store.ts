// Files in a folder: two levels of folders by the first letters of the digest; a file is there whole or not at all.
import { createReadStream } from 'node:fs';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../error-code.ts';
import { digestPattern, type FileStore } from './store.ts';

/** @param folder made when it is first needed; `path`s must be on the same file system */
export function diskStore(folder: string): FileStore {
  const place = (digest: string): string => {
    if (!digestPattern.test(digest)) throw new Error('This is not a digest');
    return join(folder, 'content', digest.slice(0, 2), digest.slice(2, 4), digest);
  };
  const has = (digest: string): Promise<boolean> =>
    access(place(digest)).then(
      () => true,
      () => false,
    );
  return {
    has,
    keep: async (path, digest) => {
      const target = place(digest);
      await mkdir(dirname(target), { recursive: true });
      await flush(path);
      // The same bytes over the same bytes: readers of the old file keep it.
      await rename(path, target);
      await flush(dirname(target));
    },
    open: async (digest, range) => {
      const file = await open(place(digest), 'r');
      return createReadStream('', { fd: file, autoClose: true, ...(range === undefined ? {} : range) });
    },
    remove: (digest) => rm(place(digest), { force: true }),
  };
}

/** What was acknowledged is there after a power cut. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Not every file system lets a folder be flushed.
    if (!['EINVAL', 'EPERM', 'EISDIR', 'EBADF'].includes(errorCode(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}
