// Plans a version: the steps from what is in force to what is wanted, with rows, time and what the data say against them.
import { problem } from '../problem.ts';
import { additiveTarget } from '../tables/additive.ts';
import { planSchema, type SchemaPlan } from '../tables/plan.ts';
import { schemaModel } from '../tables/schema-model.ts';
import type { SchemaModel, Step } from '../tables/schema-types.ts';
import { type Blocker, findBlockers, rowCounts } from './blockers.ts';
import { type InForce, readInForce } from './in-force.ts';
import type { Plan, PlannedStep, VersionRequest } from './request.ts';
import type { VersionServices } from './services.ts';
import { type Session, setSearchPath, withSession } from './session.ts';

export interface VersionPlan extends SchemaPlan {
  readonly steps: readonly PlannedStep[];
  readonly blockers: readonly Blocker[];
  /** Steps that are left for a request without `additiveOnly`. */
  readonly pending: readonly Step[];
}

/** What a request would do. Changes nothing. */
export async function planVersion(services: VersionServices, request: VersionRequest): Promise<Plan> {
  return withSession(services.knex, async (session) => {
    await setSearchPath(session, services.app);
    try {
      const inForce = await readInForce(session, services.app);
      const { steps, blockers } = await planFrom(session, inForce, request);
      return { baseVersion: inForce.number, steps, blockers };
    } finally {
      await session.query('RESET search_path');
    }
  });
}

export type PlanSubject = Pick<VersionRequest, 'wanted' | 'data' | 'additiveOnly' | 'emptyUnconvertible'>;

export async function planFrom(session: Session, { model }: InForce, request: PlanSubject): Promise<VersionPlan> {
  const wanted = schemaModel(request.wanted);
  const { data = [], emptyUnconvertible = new Set<string>() } = request;
  const target = request.additiveOnly === true && model !== null ? additiveTarget(model, wanted) : wanted;
  const plan = planSchema(model, target, { data, emptyUnconvertible, naming: request.wanted.app });
  const pending = target === wanted ? [] : planSchema(plan.model, wanted).steps;
  const steps = await withRows(session, model, plan.steps);
  return { ...plan, steps, pending, blockers: await findBlockers(session, plan.steps) };
}

export async function withRows(
  session: Session,
  model: SchemaModel | null,
  steps: readonly Step[],
): Promise<readonly PlannedStep[]> {
  const counts = await rowCounts(session, model, new Set(steps.map((step) => step.entity)));
  return steps.map((step) => {
    const rows = counts.get(step.entity) ?? 0;
    return { ...step, rows, estimateMs: estimate(step, rows) };
  });
}

/** Milliseconds a row, measured on small machines; a step holds its lock for a few milliseconds whatever the rows. */
const perRow: Readonly<Record<Step['cost'], number>> = { instant: 0, scan: 0.0005, rewrite: 0.001, deferred: 0.003 };
const perBatchedRow = 0.03;

const estimate = (step: Step, rows: number): number =>
  Math.ceil(2 + rows * (step.batched === true ? perBatchedRow : perRow[step.cost]));

/** @throws conflict with every blocker, for those who can do something about them */
export function refuseBlocked(blockers: readonly Blocker[]): void {
  if (blockers.length === 0) return;
  throw problem('conflict', { detail: 'The data do not allow these changes.', errors: blockers, extra: { blockers } });
}

/** @throws conflict with the current version when the request was made for another */
export function refuseStale({ number }: Pick<InForce, 'number'>, baseVersion: number | undefined): void {
  if (baseVersion === undefined || baseVersion === number) return;
  throw problem('conflict', {
    detail: `The change was made for version ${baseVersion}, but version ${number} is in force.`,
    extra: { current: number },
  });
}

/** What is thrown while the lock is taken: worth trying again soon. */
export function changeUnderWay(): Error {
  return problem('conflict', {
    detail: 'Another change of the metadata is being applied. Try again when it is done.',
    headers: { 'Retry-After': '2' },
  });
}
