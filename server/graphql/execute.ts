// Runs one GraphQL operation: queries as they are, mutations in one transaction under their Idempotency-Key.
import { createHash } from 'node:crypto';
import { type ExecutionArgs, type ExecutionResult, execute, getOperationAST, print } from 'graphql';
import { runIdempotent, type StoredResponse } from '../repository/idempotency.ts';
import { canonical } from '../repository/records.ts';
import { isRetryable } from '../repository/transaction.ts';
import type { GraphqlContext, MutationWarning, UnreadableRecord } from './resolvers.ts';

export interface GraphqlRequest extends GraphqlContext {
  /** Reads the header; asked for mutations only, which cannot do without. */
  readonly idempotencyKey: () => string;
  readonly path: string;
  /** Whether the failure came from an older registry than the one that is served now; absent: never. */
  readonly outdated?: (error: unknown) => Promise<boolean>;
}

/** Carries a result with errors out of the transaction, so that nothing of the document stays. */
class RolledBack extends Error {
  readonly result: ExecutionResult;
  constructor(result: ExecutionResult) {
    super('a mutation failed');
    this.result = result;
  }
}

/**
 * The result of the document; a mutation's is stored and replayed by its key.
 * @throws problems about the key, and a failure of a field when the whole document is worth another run
 */
export async function runOperation(args: ExecutionArgs, request: GraphqlRequest): Promise<ExecutionResult> {
  const operation = getOperationAST(args.document, args.operationName);
  if (operation?.operation !== 'mutation') {
    const result = await execute({ ...args, contextValue: request });
    await refuseOutdated(result, request);
    return result;
  }
  const key = request.idempotencyKey();
  const fingerprint = createHash('sha256')
    .update(print(args.document))
    .update(canonical({ variables: args.variableValues ?? null, operationName: args.operationName ?? null }))
    .digest('hex');
  const identity = { key, method: 'POST', path: request.path, fingerprint };
  try {
    const stored = await runIdempotent(request.repository, request.context, identity, async (inner) => {
      const [warnings, unreadable]: [MutationWarning[], UnreadableRecord[]] = [[], []];
      const result = await execute({ ...args, contextValue: { ...request, context: inner, warnings, unreadable } });
      // The transaction knows what to do after a deadlock, if only it hears of it.
      const unlucky = causesOf(result).find(isRetryable);
      if (unlucky !== undefined) throw unlucky;
      if (result.errors !== undefined && result.errors.length > 0) throw new RolledBack(result);
      const told = {
        ...(warnings.length === 0 ? {} : { warnings }),
        ...(unreadable.length === 0 ? {} : { unreadable }),
      };
      return storable(Object.keys(told).length === 0 ? result : { ...result, extensions: { ...result.extensions, ...told } });
    });
    return JSON.parse(stored.body ?? '{}') as ExecutionResult;
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    await refuseOutdated(error.result, request);
    return { data: null, ...(error.result.errors === undefined ? {} : { errors: error.result.errors }) };
  }
}

/** What the resolvers threw, which GraphQL keeps to itself. */
const causesOf = (result: ExecutionResult): readonly Error[] =>
  (result.errors ?? []).flatMap((error) => (error.originalError == null ? [] : [error.originalError]));

async function refuseOutdated(result: ExecutionResult, request: GraphqlRequest): Promise<void> {
  for (const cause of causesOf(result)) if ((await request.outdated?.(cause)) === true) throw cause;
}

const storable = (result: ExecutionResult): StoredResponse => ({
  status: 200,
  headers: { 'content-type': 'application/graphql-response+json' },
  body: JSON.stringify(result),
});
