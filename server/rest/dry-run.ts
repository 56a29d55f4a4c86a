// `?dryRun=true`: a write is done and undone again, and its answer tells what would have become of it.
import type { Context } from '../repository/context.ts';
import type { StoredResponse } from '../repository/idempotency.ts';
import type { Repository } from '../repository/repository.ts';
import { flag, invalid } from './parameters.ts';
import type { RestContext } from './services.ts';

/** Takes the word off the query, so that nothing below needs to know it. @throws problem `invalid_query` */
export function readDryRun(ctx: RestContext): void {
  const parameters = new URLSearchParams(ctx.querystring);
  const given = parameters.getAll('dryRun');
  if (given.length === 0) return;
  if (given.length > 1) throw invalid('dryRun', 'repeated', '"dryRun" is given twice.');
  const dry = flag('dryRun', given[0]);
  parameters.delete('dryRun');
  ctx.querystring = parameters.toString();
  if (dry) ctx.state.context = { ...ctx.state.context, dry };
}

/** Carries the answer out of the transaction, so that nothing of the write stays. */
class Undone extends Error {
  readonly answer: StoredResponse;
  constructor(answer: StoredResponse) {
    super('a dry run');
    this.answer = answer;
  }
}

/**
 * Rules, rights, duplicates, roll-ups: everything is asked and worked out. Only what follows a commit does not come: events,
 * and numbers that may leave gaps are gone.
 * @returns the answer, without the place of a record that there is not
 */
export async function dryRun(
  repository: Repository,
  context: Context,
  run: (inner: Context) => Promise<StoredResponse>,
): Promise<StoredResponse> {
  try {
    return await repository.transaction(context, async (inner) => {
      throw new Undone(await run(inner));
    });
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
    const { answer } = error;
    const { location: _nowhere, etag: _never, ...headers } = answer.headers;
    return { ...answer, status: answer.status === 201 ? 200 : answer.status, headers: { ...headers, 'dry-run': 'true' } };
  }
}
