// Idempotency keys: the key row is written in the transaction of its effect, so a repeated request is answered, not repeated.
import { Problem, problem, problemBody } from '../problem.ts';
import type { Context } from './context.ts';
import type { Repository } from './repository.ts';
import { quoted, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

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
 * Runs `run` once per (actor, method, path, key) and stores what it answered. A refused request (4xx) is stored as well,
 * outside of the rolled-back transaction; a failure of ours (5xx) is not, so that it can be tried again.
 * `authorise` is asked before a stored answer is given again: rights may have been taken away since.
 */
export async function runIdempotent(
  repository: Repository,
  context: Context,
  request: IdempotentRequest,
  run: (inner: TransactionContext) => Promise<StoredResponse>,
  authorise: (context: Context) => void = () => undefined,
): Promise<StoredResponse & { readonly replayed: boolean }> {
  try {
    return await repository.transaction(context, async (inner) => {
      const stored = await claim(inner, request);
      if (stored !== undefined) {
        authorise(context);
        return { ...stored, replayed: true };
      }
      const response = await run(inner);
      await store(inner, request, response);
      return { ...response, replayed: false };
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500 || unstored.has(error.code)) throw error;
    const refused = refusal(error, context, request);
    await repository.transaction(context, (inner) => store(inner, request, refused));
    throw error;
  }
}

/** Answers about the key itself say nothing of the request's outcome. */
const unstored = new Set(['idempotency_in_progress', 'idempotency_key_reused']);

const refusal = (error: Problem, context: Context, request: IdempotentRequest): StoredResponse => ({
  status: error.status,
  headers: { ...error.headers, 'content-type': 'application/problem+json' },
  body: JSON.stringify(problemBody(error, { instance: request.path, requestId: context.requestId })),
});

const table = (context: Context): string =>
  `${quoted(context.registry.app.schema)}.${quoted(`${context.registry.app.prefix}idempotency_keys`)}`;
const scope = (context: Context, request: IdempotentRequest): string => `${context.actor.id} ${request.method} ${request.path}`;

/** Holds the key until the commit; the stored answer where the request already ran. */
async function claim(context: TransactionContext, request: IdempotentRequest): Promise<StoredResponse | undefined> {
  const owner = scope(context, request);
  const [lock] = await run<{ held: boolean }>(context.transaction, {
    text: 'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS held',
    values: [`${context.registry.app.schema} ${owner} ${request.key}`],
  });
  if (lock?.held !== true) throw problem('idempotency_in_progress', { headers: { 'Retry-After': '1' } });
  const [row] = await run<{ fingerprint: string; status: number; headers: Record<string, string>; body: string | null }>(
    context.transaction,
    {
      text: `SELECT fingerprint, status, headers, body FROM ${table(context)} WHERE scope = $1 AND key = $2 AND expires_at > now()`,
      values: [owner, request.key],
    },
  );
  if (row === undefined) return undefined;
  if (row.fingerprint !== request.fingerprint) {
    throw problem('idempotency_key_reused', { detail: 'This Idempotency-Key came with another body before. Use a new key.' });
  }
  return { status: row.status, headers: row.headers, body: row.body };
}

async function store(context: TransactionContext, request: IdempotentRequest, response: StoredResponse): Promise<void> {
  await run(context.transaction, {
    text: `INSERT INTO ${table(context)} (scope, key, fingerprint, status, headers, body, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(hours => ${keptHours}))
      ON CONFLICT (scope, key) DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status,
        headers = excluded.headers, body = excluded.body, created_at = now(), expires_at = excluded.expires_at`,
    values: [
      scope(context, request),
      request.key,
      request.fingerprint,
      response.status,
      JSON.stringify(response.headers),
      response.body,
    ],
  });
}
