// Makes a step of a plan: what is said once for all kinds.
import type { Phase, Step, TableModel } from './schema-types.ts';

type Given = Pick<Step, 'id' | 'kind' | 'phase' | 'up' | 'down' | 'description'> &
  Partial<Pick<Step, 'lock' | 'cost' | 'batched' | 'additive' | 'checks'>>;

/** Unless told otherwise the step holds the strongest lock for an instant, and what comes in `expand` disturbs nobody. */
export function step(entity: string, table: string, given: Given): Step {
  return {
    entity,
    table,
    lock: 'access exclusive',
    cost: 'instant',
    additive: given.phase === 'expand',
    checks: [],
    ...given,
  };
}

/** What all batched steps have in common; they lock rows only. */
export const byBatch = { batched: true, lock: 'row exclusive', cost: 'rewrite' } as const;

export const phases: readonly Phase[] = ['expand', 'prepare', 'swap', 'settle'];

/** Phase by phase, each in the order given. */
export const inPhases = (steps: readonly Step[]): readonly Step[] =>
  phases.flatMap((phase) => steps.filter((candidate) => candidate.phase === phase));

/** `kind:entity:column`, with what else tells it apart. */
export const stepId = (kind: string, table: Pick<TableModel, 'entityId'>, ...rest: readonly string[]): string =>
  [kind, table.entityId, ...rest].join(':');
