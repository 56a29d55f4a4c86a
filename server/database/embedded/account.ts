// As whom PostgreSQL runs: it refuses root, so root lends it the account of `postgres` or `nobody`.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cannotRun } from './binaries.ts';

/** Undefined members: as this process. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * The account to run the server and initdb as.
 * @param uid of this process; undefined where the system has none
 * @param passwd text of the account list
 * @throws Error naming DATABASE_URL when root finds nobody to run as
 */
export function serverAccount(uid = process.getuid?.(), passwd = accountList()): Account {
  if (uid !== 0) return {};
  const accounts = passwd.split('\n').map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const [, , id, group] = accounts.find(([name]) => name === wanted) ?? [];
    if (id !== undefined && group !== undefined && id !== '0') return { uid: Number(id), gid: Number(group) };
  }
  throw cannotRun('PostgreSQL refuses to run as root, and there is no account postgres or nobody to run it as');
}

function accountList(): string {
  return existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8') : '';
}

/** Whether the account can read each path, asked of the kernel itself: permissions of parents, groups and ACLs count. */
export function canRead(account: Account, paths: readonly string[]): boolean {
  const script = 'for path; do test -r "$path" || exit 1; done';
  return spawnSync('/bin/sh', ['-c', script, 'sh', ...paths], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** Whether the account can enter the folder. */
export function canEnter(account: Account, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}
