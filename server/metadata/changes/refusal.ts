// What is wrong with one change: thrown inside of this room, caught where the changes are carried out one after another.
import type { Issue } from '../../problem.ts';

/** At most so many findings are told of one request; the first ones say enough. */
export const mostIssues = 100;

export class Refused extends Error {
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super(issues[0]?.detail ?? 'Refused');
    this.name = 'Refused';
    this.issues = issues;
  }
}

/** @example throw refusal('/changes/0/field/name', 'taken', '"title" is …') */
export const refusal = (pointer: string, code: string, detail: string): Refused => new Refused([{ pointer, code, detail }]);
