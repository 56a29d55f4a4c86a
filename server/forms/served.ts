// GET {base}/meta/served: what the caller is served with; told at once, or when it is other than the caller knows.
import { setTimeout as delay } from 'node:timers/promises';
import type { RouteContext } from '../http/resource.ts';
import { problem } from '../problem.ts';
import type { Context, RequestState } from '../repository/context.ts';
import { featureMark } from './feature-mark.ts';

export interface ServedServices {
  /** Who asks, and what is served to them by now. @throws problems of the sign-in */
  readonly again: (ctx: RouteContext<RequestState>) => Promise<Context>;
  /** Whether the process is about to end: nobody is kept waiting then. */
  readonly stopping: () => boolean;
}

/** Below the times after which proxies give a silent request up. */
const longestWaitMs = 25_000;
const lookMs = 300;

const words = ['metadata', 'features'] as const;
type Known = Partial<Record<(typeof words)[number], string>>;

/** A page that is open asks with what it knows, and hears of another version or other features when there are, with one request in the meantime. */
export async function served(ctx: RouteContext<RequestState>, { again, stopping }: ServedServices): Promise<void> {
  const known = knownIn(new URLSearchParams(ctx.querystring));
  const { socket } = ctx.req;
  for (const until = Date.now() + longestWaitMs; isSame(known, factsOf(ctx.state.context)) && Date.now() < until; ) {
    if (stopping() || socket.destroyed) break;
    await delay(lookMs);
    ctx.state.context = await again(ctx);
  }
  ctx.type = 'json';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = JSON.stringify({ data: factsOf(ctx.state.context) });
}

const factsOf = ({ registry, actor }: Context) => ({ metadata: registry.number, features: featureMark(registry, actor) });

/** Whoever says nothing of what they know is answered at once. */
const isSame = (known: Known, { metadata, features }: ReturnType<typeof factsOf>): boolean =>
  Object.keys(known).length > 0 &&
  (known.metadata ?? String(metadata)) === String(metadata) &&
  (known.features ?? features) === features;

function knownIn(parameters: URLSearchParams): Known {
  const unknown = [...parameters.keys()].filter((name) => !words.some((word) => word === name));
  if (unknown.length === 0) return Object.fromEntries(parameters);
  throw problem('unknown_parameter', {
    errors: unknown.map((name) => ({
      pointer: `?${name}`,
      code: 'unknown_parameter',
      detail: `Only ${words.join(' and ')} are known here.`,
    })),
  });
}
