// Idempotency keys: the key row is written in the transaction of its effect, so a repeated request is answered, not repeated.
import { createHash } from 'node:crypto';
import { Problem, problem, problemBody } from '../problem.ts';
import type { Context } from './context.ts';
import { outdatedSign } from './outdated.ts';
import type { Repository } from './repository.ts';
import { engineTable, run } from './statement.ts';
import { isRetryable, type TransactionContext } from './transaction.ts';

export interface IdempotentRequest {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  /** SHA-256 of the body, hex. */
  readonly fingerprint: string;
}

export interface StoredResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Keys are kept this long; then the maintenance job drops them. */
const keptHours = 24;

/**
 * Runs `work` once per (actor, method, path, key) and stores what it answered. A refused request (4xx) is stored as well,
 * outside of the rolled-back transaction; a failure of ours (5xx) is not, so that it can be tried again.
 * An answer is given again to the same rights only: what was shown under others may be closed by now. A refusal under other
 * rights is forgotten, for nothing was done, and the request may succeed today.
 */
export async function runIdempotent(
  repository: Repository,
  context: Context,
  request: IdempotentRequest,
  work: (inner: TransactionContext) => Promise<StoredResponse>,
): Promise<StoredResponse & { readonly replayed: boolean }> {
  try {
    return await repository.transaction(context, async (inner) => {
      const stored = await claim(inner, request);
      if (stored !== undefined) return { ...stored, replayed: true };
      const response = await work({ ...inner, act: actOf(inner, request) });
      if (!(await store(inner, request, response))) throw inProgress();
      return { ...response, replayed: false };
    });
  } catch (error) {
    if (!(error instanceof Problem) || !isOutcome(error)) throw error;
    const refused = refusal(error, context, request);
    await repository.transaction(context, (inner) => store(inner, request, refused));
    throw error;
  }
}

const inProgress = () => problem('idempotency_in_progress', { headers: { 'Retry-After': '1' } });

/** Failures of ours, bad timing, other tables and answers about the key itself say nothing of what the request comes to. */
const isOutcome = (error: Problem): boolean =>
  error.status < 500 && !unstored.has(error.code) && !isRetryable(error) && outdatedSign(error) === undefined;
const unstored = new Set(['idempotency_in_progress', 'idempotency_key_reused', 'idempotency_rights_changed']);

const refusal = (error: Problem, context: Context, request: IdempotentRequest): StoredResponse => ({
  status: error.status,
  headers: { ...error.headers, 'content-type': 'application/problem+json' },
  body: JSON.stringify(problemBody(error, { instance: request.path, requestId: context.requestId })),
});

const table = (context: Context): string => engineTable(context.registry.app, 'idempotency_keys');
const scope = (context: Context, request: IdempotentRequest): string => `${context.actor.id} ${request.method} ${request.path}`;

/** SHA-256 of who asked what under which key, hex. */
const actOf = (context: Context, request: IdempotentRequest): string =>
  createHash('sha256')
    .update([scope(context, request), request.key, request.fingerprint].join('\n'))
    .digest('hex');

interface Claim extends Record<string, unknown> {
  readonly held: boolean;
  /** Null where no answer is stored yet. */
  readonly fingerprint: string | null;
  readonly rights: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

/**
 * Holds the key until the commit; the stored answer where the request already ran. One that commits between this
 * statement's snapshot and its lock is not seen here: then `store` finds its answer and gives way.
 */
async function claim(context: TransactionContext, request: IdempotentRequest): Promise<StoredResponse | undefined> {
  const owner = scope(context, request);
  const [found] = await run<Claim>(context.transaction, {
    text: `SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS held, k.fingerprint, k.rights, k.status, k.headers, k.body
      FROM (VALUES (1)) one LEFT JOIN ${table(context)} k ON k.scope = $2 AND k.key = $3 AND k.expires_at > now()`,
    values: [`${context.registry.app.schema} ${owner} ${request.key}`, owner, request.key],
  });
  if (found?.held !== true) throw inProgress();
  if (found.fingerprint === null) return undefined;
  if (found.fingerprint !== request.fingerprint) {
    throw problem('idempotency_key_reused', { detail: 'This Idempotency-Key came with another body before. Use a new key.' });
  }
  if (found.rights !== context.actor.mark) {
    if (found.status >= 400) return undefined;
    const detail = 'The request was carried out; its answer was meant for other rights than you have now. Read what it wrote.';
    throw problem('idempotency_rights_changed', { detail });
  }
  return { status: found.status, headers: found.headers, body: found.body };
}

/** False where an answer is already kept: the first one stands. */
async function store(context: TransactionContext, request: IdempotentRequest, response: StoredResponse): Promise<boolean> {
  const stored = await run(context.transaction, {
    text: `INSERT INTO ${table(context)} AS k (scope, key, fingerprint, rights, status, headers, body, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(hours => ${keptHours}))
      ON CONFLICT (scope, key) DO UPDATE SET fingerprint = excluded.fingerprint, rights = excluded.rights,
        status = excluded.status, headers = excluded.headers, body = excluded.body, created_at = now(), expires_at = excluded.expires_at
        WHERE k.expires_at <= now() OR (k.status >= 400 AND k.rights <> excluded.rights) RETURNING k.key`,
    values: [
      scope(context, request),
      request.key,
      request.fingerprint,
      context.actor.mark,
      response.status,
      JSON.stringify(response.headers),
      response.body,
    ],
  });
  return stored.length > 0;
}
