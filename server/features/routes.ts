// GET {base}/feature_flags/evaluated: which features are on for the caller, and why.
import type Router from '@koa/router';
import { type DocumentedPart, dataResponse, problems } from '../http/documented-paths.ts';
import { resource } from '../http/resource.ts';
import { problem } from '../problem.ts';
import type { RequestState } from '../repository/context.ts';
import type { FeatureFlags } from './feature-flags.ts';
import { flagsEntity } from './read-flags.ts';

/** Needs `ctx.state.context`. Stands before the routes that take any `/{entity}/{id}`. */
export function featureRoutes(router: Router<RequestState>, flags: Pick<FeatureFlags, 'evaluate'>): void {
  resource(router, `/${flagsEntity}/evaluated`, {
    get: async (ctx) => {
      const { actor } = ctx.state.context;
      const [unknown] = new URLSearchParams(ctx.querystring).keys();
      if (unknown !== undefined) throw problem('unknown_parameter', { detail: `There is no parameter "${unknown}".` });
      const evaluated = await flags.evaluate(actor);
      // That something is there but off, only those learn who may read the flags.
      const whole = actor.access(flagsEntity, 'read') === 'all';
      const data = evaluated
        .filter(({ on }) => on || whole)
        .map(({ errorCode, ...told }) => ({ ...told, ...(errorCode === undefined ? {} : { error_code: errorCode }) }));
      ctx.type = 'json';
      ctx.body = JSON.stringify({ data });
    },
  });
}

const feature = {
  type: 'object',
  required: ['name', 'kind', 'key', 'on', 'reason', 'variant'],
  properties: {
    name: { type: 'string' },
    kind: {
      enum: ['entity', 'workflow', 'application', 'plugin', 'unknown'],
      description: '`unknown`: a flag of no feature (yet).',
    },
    key: { type: 'string', description: 'Of OpenFeature: the name with the prefix of the application.' },
    on: { type: 'boolean' },
    reason: { type: 'string', description: 'Of OpenFeature: STATIC, DISABLED, TARGETING_MATCH, SPLIT, DEFAULT, ERROR.' },
    variant: { enum: ['on', 'off'] },
    error_code: { type: 'string' },
  },
} as const;

export const featuresPart: DocumentedPart = {
  name: 'features',
  description: 'Features that flags switch',
  paths: {
    [`/${flagsEntity}/evaluated`]: {
      get: {
        operationId: 'evaluated_features',
        summary: 'Which features are on for the caller',
        description: 'Those that are off as well for callers who may read all feature flags.',
        responses: {
          200: dataResponse('In the order of their names.', { type: 'array', items: feature }),
          ...problems(400, 401, 429),
        },
      },
    },
  },
};
