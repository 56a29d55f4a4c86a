// GraphQL over HTTP at {base}/graphql; the protocol is graphql-http's, the execution ours.
import type Router from '@koa/router';
import { GraphQLError, parse } from 'graphql';
import { createHandler } from 'graphql-http';
import type { Context as KoaContext } from 'koa';
import { idempotencyKeyOf } from '../http/idempotency-key.ts';
import { readBytes } from '../http/json-body.ts';
import type { Registry } from '../metadata/registry.ts';
import { Problem, problem } from '../problem.ts';
import { seenBy } from '../repository/access.ts';
import type { RequestState } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import { type GraphqlRequest, runOperation } from './execute.ts';
import { limitsRule, maxTokens } from './limits.ts';
import { preparedSchema } from './schema.ts';

export interface GraphqlServices {
  readonly repository: Repository;
  /** Told of errors that are not problems; the caller only learns that something went wrong. */
  readonly onError: (error: unknown, requestId: string) => void;
  /** Whether the failure came from an older registry than the one that is served now: then the request fails with it, to be run again. */
  readonly outdated?: (error: unknown, used: Registry) => Promise<boolean>;
}

const maxBody = 1024 * 1024;

export function graphqlRoutes(router: Router<RequestState>, services: GraphqlServices): void {
  router.all('/graphql', async (ctx, next) => {
    const { context } = ctx.state;
    if (!context.actor.isOn('graphql')) return next();
    // A schema has at least one query.
    if (seenBy(context).entities.size === 0)
      throw problem('forbidden', { detail: 'You may read no entity: there is nothing to ask for.' });
    const request = ctx.method === 'POST' ? await body(ctx) : null;
    const graphql: GraphqlRequest = {
      context,
      repository: services.repository,
      idempotencyKey: () => idempotencyKeyOf(ctx),
      path: ctx.path,
      outdated: (error) => services.outdated?.(error, context.registry) ?? Promise.resolve(false),
    };
    // Problems about the whole request (a missing key, a conflict of keys) answer as problems, not inside a result.
    let refused: Problem | undefined;
    const handler = createHandler<unknown, unknown>({
      schema: await preparedSchema(seenBy(context)),
      parse: (source) => parse(source, { maxTokens }),
      validationRules: [limitsRule],
      execute: (args) =>
        runOperation(args, graphql).catch((error: unknown) => {
          if (error instanceof Problem) refused = error;
          throw error;
        }),
      formatError: (error) => formatError(error, graphql, services),
    });
    const [text, init] = await handler({
      method: ctx.method,
      url: ctx.url,
      headers: ctx.req.headers,
      body: request,
      raw: ctx.req,
      context: undefined,
    }).catch((error: unknown) => {
      throw refused ?? error;
    });
    if (refused !== undefined) throw refused;
    ctx.status = init.status;
    if (init.headers !== undefined) ctx.set(init.headers);
    ctx.body = text ?? '';
  });
}

async function body(ctx: KoaContext): Promise<string> {
  return (await readBytes(ctx, maxBody)).toString('utf8');
}

function formatError(
  error: Readonly<GraphQLError | Error>,
  request: GraphqlRequest,
  services: GraphqlServices,
): GraphQLError | Error {
  const original = error instanceof GraphQLError ? error.originalError : error;
  if (!(error instanceof GraphQLError) || original === undefined || original === null) return error;
  if (original instanceof GraphQLError) return error;
  const extensions =
    original instanceof Problem
      ? {
          code: original.code,
          status: original.status,
          ...(original.errors.length > 0 ? { errors: original.errors } : {}),
          ...original.extra,
        }
      : { code: 'internal', status: 500 };
  if (!(original instanceof Problem)) services.onError(original, request.context.requestId);
  return new GraphQLError(original instanceof Problem ? original.message : 'Something went wrong on our side', {
    ...(error.nodes === undefined ? {} : { nodes: error.nodes }),
    ...(error.path === undefined ? {} : { path: error.path }),
    extensions: { ...extensions, requestId: request.context.requestId },
  });
}
