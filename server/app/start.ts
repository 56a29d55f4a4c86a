// Starts one node: database, tables, plugins, first administrator, demo records, workers, HTTP; and stops it in reverse.
import { ensureFirstAdmin, type FirstAdmin } from '../auth/first-admin.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../database/open.ts';
import { serve } from '../http/serve.ts';
import type { Registry } from '../metadata/registry.ts';
import { migrate } from '../tables/migrate.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import { composeHttp } from './http.ts';
import { composeParts } from './parts.ts';
import { startWorkers } from './worker.ts';

export interface RunningApplication {
  readonly registry: Registry;
  /** Only on the start that made it. */
  readonly firstAdmin: FirstAdmin | undefined;
  readonly port: number;
  /** Answers what is running, ends the workers, closes the database. */
  stop(): Promise<void>;
}
