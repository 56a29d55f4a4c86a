// A step may ask the data a question in its place: rows that come back speak against the whole version.
import { problem } from '../problem.ts';
import type { RecordedStep } from './journal.ts';
import { sqlState } from './session.ts';

/** What such a question gives, as the checks before a plan do: five rows at most, with how many there are in all. */
interface Found {
  readonly example?: unknown;
  readonly total?: unknown;
}

/** @throws conflict with the examples */
export function refuseFound(step: Pick<RecordedStep, 'entity' | 'kind' | 'description'>, rows: readonly object[]): void {
  const found = (rows as readonly Found[]).filter((row) => typeof row.example === 'string');
  if (found.length === 0) return;
  const blocker = {
    pointer: `/entities/${step.entity}`,
    code: step.kind,
    detail: step.description,
    examples: found.map((row) => String(row.example)),
    total: Number(found[0]?.total ?? found.length),
  };
  throw problem('conflict', {
    detail: 'The data do not allow these changes.',
    errors: [blocker],
    extra: { blockers: [blocker] },
  });
}

/** SQLSTATE classes 22 and 23: data exceptions and integrity constraint violations (PostgreSQL, appendix A). */
const dataState = /^2[23]/;

/** A statement that the data refuse is no failure of the server: the answer is a conflict that says which step it was. */
export function refusedByData(step: Pick<RecordedStep, 'entity' | 'kind' | 'description'>, error: unknown): unknown {
  if (!dataState.test(sqlState(error) ?? '')) return error;
  const detail = `${step.description}: the data as they are now do not allow it.`;
  return problem('conflict', {
    detail: 'The data do not allow these changes.',
    errors: [{ pointer: `/entities/${step.entity}`, code: step.kind, detail }],
    cause: error,
  });
}
