// Plans and versions as the API tells them: snake_case members, times in RFC 3339.
import type { PlannedStep, StepProgress, VersionDetail, VersionSummary } from '../versions/request.ts';

/** One step of a plan. `rows` is those of its table before the change, `estimate_ms` a rough guess. */
export const plannedStep = (step: PlannedStep) => ({
  kind: step.kind,
  phase: step.phase,
  entity: step.entity,
  description: step.description,
  up: step.up,
  down: step.down,
  lock: step.lock,
  cost: step.cost,
  rows: step.rows,
  estimate_ms: step.estimateMs,
});

/** A version in a list. `authors` tells names by user id. */
export const summary = (version: VersionSummary, authors: ReadonlyMap<string, string>) => ({
  version: version.number,
  status: version.status,
  kind: version.kind,
  author: version.author === null ? null : authorOf(version.author, authors),
  reason: version.reason,
  reverts: version.reverts,
  metadata_hash: version.registryVersion,
  created_at: version.createdAt,
  applied_at: version.appliedAt,
  undone_at: version.undoneAt,
});

/** A user by id and name; on the command line there is only a name. */
const authorOf = (author: string, authors: ReadonlyMap<string, string>) => {
  const name = authors.get(author);
  return name === undefined ? { id: null, name: author } : { id: author, name };
};

/** A version with all that it does. */
export const detail = (version: VersionDetail, authors: ReadonlyMap<string, string>) => ({
  ...summary(version, authors),
  stage: version.stage,
  changes: version.changes,
  progress: progressOf(version.steps),
  steps: version.steps.map(recordedStep),
});

/** Over all steps that count rows. */
function progressOf(steps: readonly StepProgress[]) {
  const counted = steps.filter(({ rowsTotal }) => rowsTotal !== null);
  return {
    steps_done: steps.filter(({ status }) => status === 'applied').length,
    steps_total: steps.length,
    rows_done: counted.reduce((sum, { rowsDone }) => sum + rowsDone, 0),
    rows_total: counted.reduce((sum, { rowsTotal }) => sum + (rowsTotal ?? 0), 0),
  };
}

const recordedStep = (step: StepProgress) => ({
  id: step.id,
  kind: step.kind,
  phase: step.phase,
  entity: step.entity,
  description: step.description,
  up: step.up,
  down: step.down,
  lock: step.lock,
  cost: step.cost,
  status: step.status,
  rows_done: step.rowsDone,
  rows_total: step.rowsTotal,
});
