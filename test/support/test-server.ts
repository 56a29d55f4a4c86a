// One PostgreSQL for the whole run, embedded unless TEST_DATABASE_URL names another.
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../server/database/embedded/start.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { removeDatabases, runVariable, serverVariable } from './database.ts';

const folderPrefix = 'formwork-test-';
const dayMs = 86_400_000;

let stop: () => Promise<void> = () => Promise.resolve();

/** What test/support/database.ts needs reaches the test files through the environment, which they inherit. */
export async function startTestServer(): Promise<void> {
  process.env[runVariable] = `test_${process.pid}_${Date.now().toString(36)}`;
  const given = process.env['TEST_DATABASE_URL'];
  if (given) {
    process.env[serverVariable] = given;
    stop = removeDatabases;
    return;
  }
  removeForgotten();
  const folder = mkdtempSync(join(tmpdir(), folderPrefix));
  // The server may run under another account, which must get to its folder inside.
  chmodSync(folder, 0o755);
  const server = await startEmbedded({ dataDir: folder, log: createLog({ level: 'error' }), fsync: false });
  process.env[serverVariable] = server.url;
  stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Stops the server, or removes what the run made on one that outlives it. */
export function stopTestServer(): Promise<void> {
  return stop();
}

/** A run that was killed stops its server all the same, but leaves its folder. */
function removeForgotten(): void {
  for (const name of readdirSync(tmpdir())) {
    const path = join(tmpdir(), name);
    const made = name.startsWith(folderPrefix) ? statSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined;
    if (made !== undefined && Date.now() - made > dayMs) rmSync(path, { recursive: true, force: true });
  }
}
