// Acts on somebody's sign-in leave a row in the audit log of that user, in the transaction of the act.
import { appendRows } from '../repository/append.ts';
import { auditRow } from '../repository/audit.ts';
import type { Context } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import { run } from '../repository/statement.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import { entityOf } from './users.ts';

/** What is told: names of no field of the user, values that hold no secret. */
export interface SignInTrace {
  readonly userId: string;
  readonly name: 'api_key' | 'recovery_codes' | 'second_factor' | 'sessions';
  readonly before: string | null;
  readonly after: string | null;
}

/** Does `act` and traces it, together or not at all. */
export function traced<T>(
  repository: Repository,
  context: Context,
  trace: SignInTrace,
  act: (transaction: TransactionContext['transaction']) => Promise<T>,
): Promise<T> {
  return repository.transaction(context, async (inner) => {
    const result = await act(inner.transaction);
    await appendTrace(inner, trace);
    return result;
  });
}

async function appendTrace(context: TransactionContext, { userId, name, before, after }: SignInTrace): Promise<void> {
  const entity = entityOf(context.registry);
  const [row] = await run<{ version: number; display_name: string }>(context.transaction, {
    text: `SELECT "version", "display_name" FROM ${entity.qualifiedTable} WHERE "id" = $1`,
    values: [userId],
  });
  if (row === undefined) return;
  const { display_name } = row;
  const change = {
    ...({ operation: 'update', entity, id: userId, changed: [name] } as const),
    before: { display_name, [name]: before },
    after: { display_name, [name]: after },
  };
  await appendRows(context, [auditRow(context, change, row.version, [])]);
}
