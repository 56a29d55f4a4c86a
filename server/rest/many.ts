// Several records in one request: all or none, and each finding under the place of its record.
import { type Issue, Problem, problem, retold } from '../problem.ts';
import type { Written } from '../repository/repository.ts';

export const maxRecords = 1_000;
/** A request about bad records is told of this many findings at most. */
const maxIssues = 100;

/** @throws problem `validation_failed` for more than a request may hold */
export function refuseTooMany(count: number, pointer: string, most = maxRecords): void {
  if (count <= most) return;
  const errors = [{ pointer, code: 'too_many', detail: `At most ${most} in one request.` }];
  throw problem('validation_failed', { errors });
}

/**
 * Does the work for each, one after the other.
 * @param place JSON pointer of one of them
 * @throws the findings of all whose values are not valid, told together; any other problem at once, with its place
 */
export async function eachOf<In, Out>(
  inputs: readonly In[],
  place: (index: number) => string,
  work: (input: In, index: number) => Promise<Out>,
): Promise<readonly Out[]> {
  const issues: Issue[] = [];
  const done: Out[] = [];
  for (const [index, input] of inputs.entries()) {
    try {
      done.push(await work(input, index));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const found = error.errors.map((issue) => ({ ...issue, pointer: place(index) + issue.pointer }));
      if (error.code !== 'validation_failed' || found.length === 0) throw at(error, place(index), found);
      issues.push(...found);
      if (issues.length >= maxIssues) break;
    }
  }
  if (issues.length > 0) throw problem('validation_failed', { errors: issues.slice(0, maxIssues) });
  return done;
}

/** The problem of one of several, saying which. */
const at = (error: Problem, pointer: string, errors: readonly Issue[]): Problem =>
  retold(error, {
    errors: errors.length > 0 ? errors : [{ pointer, code: error.code, detail: error.detail ?? error.title }],
  });

/** What one of several is warned of, saying which. */
export const warningsAt = ({ warnings = [] }: Pick<Written, 'warnings'>, place: string) =>
  warnings.map((warning) => ({ ...warning, pointers: warning.pointers.map((pointer) => place + pointer) }));
