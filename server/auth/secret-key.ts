// The key that encrypts stored secrets: the one that is set, else one made once and kept beside the embedded database.
import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { errorCode } from '../error-code.ts';
import type { Log } from '../telemetry/log.ts';

/** What FORMWORK_SECRET_KEY must have as well. */
const shortest = 32;

/**
 * @returns undefined where none is set and the database stands elsewhere: nodes on several machines share it, and a key
 *   in one's own folder would be unknown to the others. That is warned of.
 * @throws Error that names the file and FORMWORK_SECRET_KEY when the kept key cannot be read or made
 */
export function secretKeyOf(
  config: Pick<Config, 'secretKey' | 'databaseUrl' | 'dataDir'>,
  log: Pick<Log, 'warn'>,
): string | undefined {
  if (config.secretKey !== undefined) return config.secretKey;
  if (config.databaseUrl === undefined) return keptKey(join(config.dataDir, 'secret-key'));
  log.warn('FORMWORK_SECRET_KEY is not set: the keys that sign tokens are stored unencrypted in the database');
  return undefined;
}

function keptKey(file: string): string {
  try {
    const kept = keyIn(file);
    if (kept !== undefined) return kept;
    make(file);
    return keyIn(file) ?? keptKey(file);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw new Error(`FORMWORK_SECRET_KEY is not set, and the key kept in ${file} is out of reach (${errorCode(error)})`, {
      cause: error,
    });
  }
}

function keyIn(file: string): string | undefined {
  try {
    const key = readFileSync(file, 'utf8').trim();
    if (key.length >= shortest) return key;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  throw new Error(`FORMWORK_SECRET_KEY is not set, and ${file} is damaged: bring it back from a backup, or remove it`);
}

/** The file appears whole or not at all; of processes that start together, the first one's is everybody's. */
function make(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    linkSync(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
