// The HTTP side of the application: one chain from the request's id to the routes of the peers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Router from '@koa/router';
import Koa from 'koa';
import compose from 'koa-compose';
import { createAuth, principalOf } from '../auth/auth.ts';
import { accessPart } from '../auth/documented-access.ts';
import { authPart } from '../auth/documented-routes.ts';
import { explainRoutes } from '../auth/explain-routes.ts';
import { contextOf, type SignInState } from '../auth/identify.ts';
import { secretKeyOf } from '../auth/secret-key.ts';
import { signOnSettings } from '../auth/sign-on.ts';
import { publicUrl } from '../config.ts';
import { databaseProblem } from '../database/problems.ts';
import { featureRoutes, featuresPart } from '../features/routes.ts';
import { filesPart } from '../files/documented-routes.ts';
import { fileServices } from '../files/file-services.ts';
import { fileRoutes } from '../files/routes.ts';
import { formsPart } from '../forms/documented-routes.ts';
import { formRoutes } from '../forms/routes.ts';
import { graphqlPart } from '../graphql/documented-routes.ts';
import { graphqlRoutes } from '../graphql/routes.ts';
import { adminFiles } from '../http/admin-files.ts';
import { appDocument } from '../http/app-document.ts';
import { behindProxies } from '../http/behind-proxies.ts';
import { systemPart } from '../http/documented-routes.ts';
import { type HealthOptions, health } from '../http/health.ts';
import { metadataVersion } from '../http/metadata-version.ts';
import { notFound } from '../http/not-found.ts';
import { problemResponses } from '../http/problem-responses.ts';
import { rateLimit } from '../http/rate-limit.ts';
import { requestId } from '../http/request-id.ts';
import { rerun } from '../http/rerun.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { serverTiming } from '../http/server-timing.ts';
import { importPart } from '../import/documented-routes.ts';
import { importRoutes } from '../import/routes.ts';
import type { Jobs } from '../jobs/queue.ts';
import type { Registry } from '../metadata/registry.ts';
import { packageRoot } from '../package-root.ts';
import type { RequestState } from '../repository/context.ts';
import { newerRegistry, type RegistrySource } from '../repository/outdated.ts';
import { restRoutes } from '../rest/routes.ts';
import { studioPart } from '../studio/documented-routes.ts';
import { healthChecks } from './health-checks.ts';
import type { Parts } from './parts.ts';

/** Every part's routes, for the OpenAPI document. */
const documented = [systemPart, authPart, accessPart, formsPart, featuresPart, studioPart, graphqlPart, importPart, filesPart];

export interface Application {
  readonly koa: Koa;
  /** From now on /health/ready says that this node goes away. */
  drain(): void;
}

const version = (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;

/**
 * @param checks what /health/ready looks at beside the database, the metadata and the migrations
 * @param refresh loads the newest publication of the metadata; true: a newer registry is served now
 */
export function composeHttp(
  parts: Parts,
  jobs: Jobs,
  checks: HealthOptions['checks'] = {},
  refresh?: () => Promise<boolean>,
): Application {
  const { config, log, database, registry, repository, features } = parts;
  const { app } = registry.current();
  let stopping = false;
  const auth = createAuth({
    knex: database.knex,
    registry,
    publicUrl: config.publicUrl,
    secretKey: secretKeyOf(config, log),
    log,
    repository,
    address: publicUrl(config, config.port),
    mailJobs: config.smtpUrl === undefined ? undefined : jobs,
    signOn: signOnSettings(config),
    offFor: features.offFor,
  });
  const source: RegistrySource = { current: registry.current, ...(refresh === undefined ? {} : { refresh }) };
  const outdated = async (error: unknown, used: Registry): Promise<boolean> =>
    (await newerRegistry(source, used, error)) !== undefined;
  const api = new Router<RequestState>({ prefix: app.basePath });
  featureRoutes(api, features);
  explainRoutes(api, { knex: database.knex, repository, offFor: features.offFor });
  const files = fileServices(config);
  importRoutes(api, {
    repository,
    jobs,
    knex: database.knex,
    uploads: files,
    renew: async (ctx, error) => {
      if (!(await outdated(error, ctx.state.context.registry))) return false;
      ctx.state.context = contextOf(ctx, ctx.state as SignInState, registry.current());
      return true;
    },
  });
  fileRoutes(api, { repository, knex: database.knex, files });
  graphqlRoutes(api, {
    repository,
    outdated,
    onError: (error, request) =>
      log.error({ err: databaseProblem(error) ?? error, requestId: request }, 'A GraphQL operation failed'),
  });
  const forms = new Router<RequestState>();
  formRoutes(forms, {
    registry,
    stopping: () => stopping,
    again: async (ctx) => {
      const state = ctx.state as SignInState;
      await auth.identify(ctx as never, async () => undefined);
      return contextOf(ctx, state, registry.current());
    },
  });
  parts.studio.routes(forms);
  const koa = new Koa<SignInState>(behindProxies(config.trustedProxies));
  // Koa would print errors by itself; every one of ours is already told by problemResponses.
  koa.silent = true;
  koa.use(requestId());
  koa.use(serverTiming());
  koa.use(securityHeaders({ https: config.publicUrl?.startsWith('https:') === true }));
  koa.use(problemResponses({ log, translate: databaseProblem }));
  koa.use(health({ checks: { ...healthChecks(parts), ...checks }, stopping: () => stopping }));
  koa.use(appDocument(() => appFacts(registry.current())));
  koa.use(adminFiles({ folder: join(packageRoot(), 'dist', 'admin-ui'), except: [app.basePath, '/health', '/app.json'] }));
  koa.use(
    below<SignInState>(
      app.basePath,
      metadataVersion(({ context }) => (context?.registry ?? registry.current()).number),
    ),
  );
  koa.use(auth.identify);
  koa.use(rateLimit({ rate: config.rateLimit, key: principalOf }));
  koa.use(
    rerun<SignInState>({
      work: compose<Koa.ParameterizedContext<SignInState>>([
        auth.routes.routes(),
        below(app.basePath, auth.authenticate),
        // Before those that take any entity's name for the first part of a path.
        forms.routes(),
        api.routes(),
        restRoutes({ repository, basePath: app.basePath, documented }).routes(),
        notFound(),
      ] as Koa.Middleware<SignInState>[]),
      worthAnother: (error, { state: { context } }) =>
        context === undefined ? Promise.resolve(false) : outdated(error, context.registry),
      forget: (state) => {
        delete state.context;
      },
    }),
  );
  return {
    koa,
    drain: () => {
      stopping = true;
    },
  };
}

/** A middleware for the API's own paths only. */
const below =
  <State>(basePath: string, middleware: Koa.Middleware<State>): Koa.Middleware<State> =>
  (ctx, next) =>
    ctx.path === basePath || ctx.path.startsWith(`${basePath}/`) ? middleware(ctx, next) : next();

const appFacts = ({ app }: Registry) => ({
  basePath: app.basePath,
  name: app.name,
  label: app.label,
  languages: app.languages,
  version,
});
