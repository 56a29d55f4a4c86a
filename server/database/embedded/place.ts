// Where the embedded server's binaries and data lie: in the data folder, or where the account it runs as can reach them.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../telemetry/log.ts';
import { type Account, canEnter, canRead } from './account.ts';
import { completeLinks } from './binaries.ts';

export interface Place {
  /** Holds bin/, lib/ and share/. */
  readonly binaries: string;
  /** First part of the version of the binaries, e.g. `18`. */
  readonly major: string;
  /** Folder of the cluster and its log; belongs to the account. */
  readonly home: string;
  /** The cluster itself (PGDATA), inside of home. */
  readonly data: string;
  readonly logFile: string;
}

/** For what another account must reach although the folders above the data folder or the program are closed to it. */
const openFolder = '/var/lib/formwork';

export const socketFolderPrefix = 'formwork-';

// A unix socket's path has 107 bytes on Linux and 103 on macOS; PostgreSQL adds its own file name.
const longestSocketFolder = 103 - '/.s.PGSQL.5432.lock'.length;

/**
 * Makes the folders ready for the account.
 * @param dataDir FORMWORK_DATA_DIR
 * @param native the binaries as npm installed them
 * @param elsewhere where to put what the account cannot reach
 */
export function preparePlace(dataDir: string, native: string, account: Account, log: Log, elsewhere = openFolder): Place {
  mkdirSync(dataDir, { recursive: true });
  const home = homeFolder(realpathSync(dataDir), account, log, elsewhere);
  const version = String((JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string }).version);
  return {
    binaries: binariesFolder(native, version, account, log, elsewhere),
    major: version.split('.')[0] ?? version,
    home,
    data: join(home, 'data'),
    logFile: join(home, 'postgres.log'),
  };
}

/** A new folder for the socket, in the temporary folder so that its path stays short; closed to everybody else. */
export function makeSocketFolder(account: Account, temporary = tmpdir()): string {
  const fits =
    Buffer.byteLength(temporary) + `/${socketFolderPrefix}XXXXXX`.length <= longestSocketFolder && canEnter(account, temporary);
  const folder = mkdtempSync(join(fits ? temporary : '/tmp', socketFolderPrefix));
  give(folder, account);
  return folder;
}

/** Lends a file or folder to the account. */
export function give(path: string, account: Account): void {
  if (account.uid !== undefined && account.gid !== undefined) chownSync(path, account.uid, account.gid);
}

function homeFolder(dataDir: string, account: Account, log: Log, elsewhere: string): string {
  let home = join(dataDir, 'postgres');
  if (!canEnter(account, dataDir)) {
    home = join(elsewhere, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
    log.warn(
      { dataDir, home, uid: account.uid },
      'PostgreSQL cannot enter the data folder as the account it runs as; its data is kept elsewhere',
    );
    mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  }
  mkdirSync(home, { recursive: true, mode: 0o700 });
  give(home, account);
  return home;
}

function binariesFolder(native: string, version: string, account: Account, log: Log, elsewhere: string): string {
  completeLinks(native);
  const needed = ['bin/postgres', 'bin/initdb', 'share/postgresql/postgres.bki', 'lib/postgresql'].map((file) =>
    join(native, file),
  );
  if (canRead(account, needed)) return native;
  const copy = join(elsewhere, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  log.warn(
    { from: native, to: copy, uid: account.uid },
    'PostgreSQL cannot be read by the account it runs as; its binaries are copied',
  );
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  const unfinished = mkdtempSync(`${copy}-`);
  try {
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    chmodSync(unfinished, 0o755);
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process may have made the same copy meanwhile.
    if (!existsSync(copy)) throw error;
  }
  return copy;
}
