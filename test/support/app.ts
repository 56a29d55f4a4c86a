// The whole application on a port and a database of its own, and a client that speaks to it as others do.
import type { Knex } from 'knex';
import { followVersions } from '../../server/app/follow.ts';
import { composeHttp } from '../../server/app/http.ts';
import { composeParts, type Parts } from '../../server/app/parts.ts';
import { startSender } from '../../server/app/queue.ts';
import { ensureFirstAdmin } from '../../server/auth/first-admin.ts';
import type { AutomationEntries } from '../../server/automation/catalogue.ts';
import { loadConfig } from '../../server/config.ts';
import { connect } from '../../server/database/pool.ts';
import { serve } from '../../server/http/serve.ts';
import { startJobs } from '../../server/jobs/queue.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import type { LoadedPlugin } from '../../server/plugins/plugin.ts';
import { unlimited } from '../../server/repository/actor.ts';
import type { Context } from '../../server/repository/context.ts';
import { systemContext } from '../../server/repository/context.ts';
import type { Repository } from '../../server/repository/repository.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { migrate } from '../../server/versions/migrate.ts';
import { publishedRegistry } from '../../server/versions/published.ts';
import { type AppWatch, watchApp } from './app-watch.ts';
import { templateDatabase, testDatabase } from './database.ts';
import { crmRegistry } from './registry.ts';
import { type Requester, requester, signIn } from './requests.ts';

export const adminEmail = 'admin@example.com';
export const adminPassword = 'correct horse battery staple';

export type { Answer, AnswerBody, RequestOptions } from './requests.ts';

export interface TestApp extends Requester {
  readonly url: string;
  /** `http://…/crm/v1` */
  readonly base: string;
  readonly registry: Registry;
  readonly repository: Repository;
  readonly knex: Knex;
  readonly parts: Parts;
  readonly watching: AppWatch;
  readonly adminEmail: string;
  readonly adminPassword: string;
  readonly adminId: string;
  token(): Promise<string>;
  /** A context of the administrator, for calling the repository directly. */
  context(over?: Partial<Context>): Context;
  stop(): Promise<void>;
}

export interface TestAppOptions {
  readonly registry?: Registry;
  readonly environment?: Readonly<Record<string, string>>;
  readonly plugins?: readonly LoadedPlugin<AutomationEntries>[];
  /** false: no stranger's records; for tests that look at every answer by themselves. */
  readonly stranger?: boolean;
  /** true: it serves what is published and follows it, as `start` does; without, it keeps the registry that it is given. */
  readonly live?: boolean;
}

/** Migrated once a run and copied for every test file. */
export async function migratedDatabase(registry: Registry) {
  const template = await templateDatabase(`app_${registry.app.name}_${registry.version}`, async (url) => {
    const knex = connect({ url, poolSize: 2, applicationName: 'formwork test template' });
    await migrate(knex, registry, { additiveOnly: true });
    await knex.destroy();
    const jobs = await startJobs({
      url,
      schema: `${registry.app.prefix}queue`,
      log: createLog({ level: 'fatal' }),
      supervise: false,
    });
    await jobs.stop();
  });
  return testDatabase({ template });
}

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const registry = options.registry ?? (await crmRegistry());
  const database = await migratedDatabase(registry);
  const config = loadConfig({
    PORT: '0',
    DATABASE_URL: database.url,
    FORMWORK_DEMO: '0',
    FORMWORK_ADMIN_EMAIL: adminEmail,
    FORMWORK_ADMIN_PASSWORD: adminPassword,
    FORMWORK_RATE_LIMIT: 'off',
    FORMWORK_LOG_LEVEL: 'fatal',
    ...options.environment,
  });
  const log = createLog({ level: config.logLevel });
  const opened = { knex: database.knex, url: database.url, version: 'test', stop: database.drop };
  const parts = composeParts({ config, log, database: opened, registry, plugins: options.plugins ?? [] });
  if (options.live === true) await servePublished(parts);
  const unfollow = options.live === true ? await followVersions(parts, { kind: 'node', continues: true }) : undefined;
  await ensureFirstAdmin({ repository: parts.repository, registry }, config);
  const jobs = await startSender(parts);
  const refresh = unfollow === undefined ? undefined : () => parts.newest.refresh();
  const running = await serve(composeHttp(parts, jobs, {}, refresh).koa, { host: '127.0.0.1', port: 0, drainMs: 500 });
  const base = `${running.url}${registry.app.basePath}`;
  const watching = watchApp(parts, { stranger: options.stranger !== false && options.registry === undefined });
  watching.over(running.url);
  const [admin] = (await database.knex.withSchema(registry.app.schema).from(`${registry.app.prefix}users`).select('id')) as {
    id: string;
  }[];
  const adminId = admin?.id ?? '';
  let signedIn: Promise<string> | undefined;
  const token = (): Promise<string> => {
    signedIn ??= signIn(base, adminEmail, adminPassword);
    return signedIn;
  };
  return {
    url: running.url,
    base,
    registry,
    repository: parts.repository,
    knex: database.knex,
    parts,
    watching,
    adminEmail,
    adminPassword,
    adminId,
    token,
    context: (over = {}) => ({
      ...systemContext(parts.registry.current(), 'api'),
      actor: {
        id: adminId,
        name: 'Admin',
        email: adminEmail,
        roles: ['admin'],
        language: 'en',
        ...unlimited,
      },
      ...over,
    }),
    ...requester(running.url, registry.app.basePath, token),
    stop: async () => {
      parts.interrupt();
      await running.close();
      await unfollow?.();
      await jobs.stop();
      await watching.end().finally(() => database.drop());
    },
  };
}

/** What is published in their database takes the place of the registry that they were composed with. */
export async function servePublished(parts: Parts): Promise<void> {
  const published = await publishedRegistry(parts.versions);
  if (published !== undefined) parts.registry.replace(published);
}
