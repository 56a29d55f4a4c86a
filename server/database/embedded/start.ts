// Runs a real PostgreSQL for this process, or joins the one that another process runs on the same data folder.
import { closeSync, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { errorCode } from '../../error-code.ts';
import type { Log } from '../../telemetry/log.ts';
import { type Account, serverAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { clusterUser, ensureCluster } from './cluster.ts';
import { isHeld } from './hold.ts';
import { type Held, joinRunning } from './join.ts';
import { launch } from './launch.ts';
import { type Place, preparePlace } from './place.ts';

export interface EmbeddedOptions {
  /** FORMWORK_DATA_DIR; the cluster comes into its folder `postgres`. */
  readonly dataDir: string;
  readonly log: Log;
  /** False only for data that may be lost, such as a test run's. True when not given. */
  readonly fsync?: boolean;
}

export interface Embedded {
  /** For pg, knex and pg-boss alike. */
  readonly url: string;
  /** Lets go of the server: it stops, and this waits for that, unless another process still uses it. */
  stop(): Promise<void>;
}

const againMs = 50;
/** A folder that can neither be joined nor started on is given up after this. */
const patienceMs = 60_000;
/** The guard forces the server down after a minute. */
const longestStopMs = 75_000;

/**
 * Starts the embedded server, creating its cluster the first time. Several processes may do so on one data folder at
 * once: one server runs, and it stops when the last of them stops, exits, or dies in any way.
 * @throws Error naming DATABASE_URL where PostgreSQL cannot run; Error with the server's own words when it does not start
 */
export async function startEmbedded({ dataDir, log, fsync = true }: EmbeddedOptions): Promise<Embedded> {
  const account = serverAccount();
  const place = preparePlace(dataDir, findBinaries(), account, log);
  await ensureCluster(place, account, fsync);
  const held = await joinOrLaunch(place, account, fsync, log);
  const address = (database: string) =>
    `postgres://${clusterUser}@localhost/${database}?host=${encodeURIComponent(held.socketFolder)}`;
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= letGo(held);
    return stopped;
  };
  try {
    await ensureDatabase(address('postgres'));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: address(clusterUser), stop };
}

async function joinOrLaunch(place: Place, account: Account, fsync: boolean, log: Log): Promise<Held> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const held = (await joinRunning(place, log)) ?? (await launch(place, account, fsync, log));
    if (held !== undefined) return held;
    await sleep(againMs);
  }
  throw new Error(`Another server holds ${place.data} and cannot be joined; its log is ${place.logFile}`);
}

/** Makes the program's database in a new cluster. */
async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [clusterUser]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${clusterUser}`).catch(acceptExisting);
  } finally {
    await client.end();
  }
}

/** Two processes may make the database at the same moment: duplicate_database, or a unique violation in the catalogue. */
function acceptExisting(error: unknown): void {
  if (!['42P04', '23505'].includes(errorCode(error) ?? '')) throw error;
}

async function letGo({ socketFolder, hold }: Held): Promise<void> {
  if (hold === undefined) return;
  closeSync(hold);
  if (isHeld(socketFolder)) return;
  // The keeper removes the folder when the server is gone.
  const deadline = Date.now() + longestStopMs;
  while (existsSync(socketFolder) && Date.now() < deadline) await sleep(10);
}
