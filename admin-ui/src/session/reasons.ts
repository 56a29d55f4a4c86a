// Why the door stayed shut: from a refusal to the key of a text.
import { ApiProblem } from '../api/problem.ts';
import type { Outcome } from './sign-on.ts';

/** @param refused key for what the server said no to */
export function reasonOf(error: unknown, refused: string): string {
  if (!(error instanceof ApiProblem)) return 'error.unexpected';
  if (error.code === 'network') return 'error.network';
  if (error.status === 429) return 'signIn.tooMany';
  if (error.code === 'unauthenticated') return 'signIn.stepOver';
  return [400, 401, 422].includes(error.status) ? refused : 'error.unexpected';
}

const outcomes: Readonly<Record<Outcome, string | null>> = {
  'second-factor': null,
  unknown: 'signIn.unknown',
  cancelled: 'signIn.cancelled',
  failed: 'signIn.failed',
};

export const reasonOfOutcome = (outcome: Outcome | undefined): string | null =>
  outcome === undefined ? null : outcomes[outcome];
