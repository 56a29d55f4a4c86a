// Runs one GraphQL operation: queries as they are, mutations in one transaction under their Idempotency-Key.
import { createHash } from 'node:crypto';
import { type ExecutionArgs, type ExecutionResult, execute, getOperationAST, print } from 'graphql';
import { runIdempotent, type StoredResponse } from '../repository/idempotency.ts';
import { canonical } from '../repository/records.ts';
import type { GraphqlContext } from './resolvers.ts';

export interface GraphqlRequest extends GraphqlContext {
  /** Reads the header; asked for mutations only, which cannot do without. */
  readonly idempotencyKey: () => string;
  readonly path: string;
}

/** Carries a result with errors out of the transaction, so that nothing of the document stays. */
class RolledBack extends Error {
  readonly result: ExecutionResult;
  constructor(result: ExecutionResult) {
    super('a mutation failed');
    this.result = result;
  }
}

/** The result of the document; a mutation's is stored and replayed by its key. Throws problems about the key. */
export async function runOperation(args: ExecutionArgs, request: GraphqlRequest): Promise<ExecutionResult> {
  const operation = getOperationAST(args.document, args.operationName);
  if (operation?.operation !== 'mutation') return execute({ ...args, contextValue: request });
  const key = request.idempotencyKey();
  const fingerprint = createHash('sha256')
    .update(print(args.document))
    .update(canonical({ variables: args.variableValues ?? null, operationName: args.operationName ?? null }))
    .digest('hex');
  const identity = { key, method: 'POST', path: request.path, fingerprint };
  try {
    const stored = await runIdempotent(request.repository, request.context, identity, async (inner) => {
      const result = await execute({ ...args, contextValue: { ...request, context: inner } });
      if (result.errors !== undefined && result.errors.length > 0) throw new RolledBack(result);
      return storable(result);
    });
    return JSON.parse(stored.body ?? '{}') as ExecutionResult;
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    return { data: null, ...(error.result.errors === undefined ? {} : { errors: error.result.errors }) };
  }
}

const storable = (result: ExecutionResult): StoredResponse => ({
  status: 200,
  headers: { 'content-type': 'application/graphql-response+json' },
  body: JSON.stringify(result),
});
