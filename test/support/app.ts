// The whole application on a port and a database of its own, and a client that speaks to it as others do.
import { randomUUID } from 'node:crypto';
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
import type { Context } from '../../server/repository/context.ts';
import { systemContext } from '../../server/repository/context.ts';
import type { Repository } from '../../server/repository/repository.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { migrate } from '../../server/versions/migrate.ts';
import { publishedRegistry } from '../../server/versions/published.ts';
import { templateDatabase, testDatabase } from './database.ts';
import { crmRegistry } from './registry.ts';

export const adminEmail = 'admin@example.com';
export const adminPassword = 'correct horse battery staple';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, else the text. */
  readonly body: AnswerBody;
}
export type AnswerBody = { readonly [key: string]: AnswerBody } & readonly AnswerBody[] & string & number;

export interface RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Access token; the administrator's when absent, none for null. */
  readonly token?: string | null;
}

export interface TestApp {
  readonly url: string;
  /** `http://…/crm/v1` */
  readonly base: string;
  readonly registry: Registry;
  readonly repository: Repository;
  readonly knex: Knex;
  readonly parts: Parts;
  readonly adminEmail: string;
  readonly adminPassword: string;
  readonly adminId: string;
  token(): Promise<string>;
  /** A context of the administrator, for calling the repository directly. */
  context(over?: Partial<Context>): Context;
  /** `path` is below the base path unless it begins with `//` (then from the root). Writes get an Idempotency-Key. */
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  stop(): Promise<void>;
}

export interface TestAppOptions {
  readonly registry?: Registry;
  readonly environment?: Readonly<Record<string, string>>;
  readonly plugins?: readonly LoadedPlugin<AutomationEntries>[];
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
        access: () => 'all',
        system: () => true,
      },
      ...over,
    }),
    request: async (method, path, given = {}) => {
      const url = path.startsWith('//') ? `${running.url}${path.slice(1)}` : `${base}${path}`;
      const bearer: Record<string, string> =
        given.token === null ? {} : { Authorization: `Bearer ${given.token ?? (await token())}` };
      return send(method, url, given, bearer);
    },
    stop: async () => {
      parts.interrupt();
      await running.close();
      await unfollow?.();
      await jobs.stop();
      await database.drop();
    },
  };
}

/** What is published in their database takes the place of the registry that they were composed with. */
export async function servePublished(parts: Parts): Promise<void> {
  const published = await publishedRegistry(parts.versions);
  if (published !== undefined) parts.registry.replace(published);
}

async function signIn(base: string, email: string, password: string): Promise<string> {
  const response = await fetch(`${base}/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const body = (await response.json()) as { data?: { access_token?: string } };
  if (body.data?.access_token === undefined) throw new Error(`Signing in failed: ${JSON.stringify(body)}`);
  return body.data.access_token;
}

async function send(
  method: string,
  url: string,
  given: RequestOptions,
  bearer: Readonly<Record<string, string>>,
): Promise<Answer> {
  const writes = !['GET', 'HEAD', 'OPTIONS'].includes(method);
  const response = await fetch(url, {
    method,
    headers: {
      ...bearer,
      ...(writes ? { 'Idempotency-Key': randomUUID() } : {}),
      ...(given.body === undefined || typeof given.body === 'string' ? {} : { 'Content-Type': 'application/json' }),
      ...given.headers,
    },
    ...(given.body === undefined ? {} : { body: typeof given.body === 'string' ? given.body : JSON.stringify(given.body) }),
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: (isJson && text !== '' ? JSON.parse(text) : text) as AnswerBody,
  };
}
