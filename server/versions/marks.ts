// How far a version has come, written in the transactions that bring it there.
import { systemTable } from '../tables/names.ts';
import type { Naming } from '../tables/schema-types.ts';
import type { Queries } from './documents.ts';
import type { RecordedStep, Version } from './journal.ts';
import type { VersionStatus } from './request.ts';

export type StepMark = 'started' | 'applied' | 'undone';

/** Sets the step's time by the database's clock. */
export async function markStep(session: Queries, app: Naming, step: RecordedStep, mark: StepMark): Promise<void> {
  await session.query(
    `UPDATE ${systemTable(app, 'meta_steps')} SET ${mark}_at = clock_timestamp() WHERE version = $1 AND position = $2`,
    [step.version, step.position],
  );
}

/** A batch is done: the id to go on after, and how many rows it had. */
export async function markBatch(session: Queries, app: Naming, step: RecordedStep, cursor: string, rows: number): Promise<void> {
  await session.query(
    `UPDATE ${systemTable(app, 'meta_steps')} SET cursor = $3, rows_done = rows_done + $4 WHERE version = $1 AND position = $2`,
    [step.version, step.position, cursor, rows],
  );
}

export async function setStage(session: Queries, app: Naming, number: number, stage: Version['stage']): Promise<void> {
  await session.query(`UPDATE ${systemTable(app, 'meta_versions')} SET stage = $2 WHERE number = $1`, [number, stage]);
}

/** A version that turns round begins its batches from their start again. */
export async function setVersionStatus(session: Queries, app: Naming, number: number, status: VersionStatus): Promise<void> {
  const time = status === 'applied' || status === 'undone' ? `, ${status}_at = clock_timestamp()` : '';
  const versions = systemTable(app, 'meta_versions');
  const again = `UPDATE ${systemTable(app, 'meta_steps')} SET cursor = NULL, rows_done = 0
    WHERE version = $1 AND batched AND EXISTS (SELECT FROM ${versions} WHERE number = $1 AND status <> 'undoing')`;
  const begins = status === 'undoing' ? `WITH again AS (${again}) ` : '';
  await session.query(`${begins}UPDATE ${versions} SET status = $2${time} WHERE number = $1 AND status <> $2`, [number, status]);
}

/** Gives a way back up: what is left of it is not gone on with. */
export async function dropGoal(session: Queries, app: Naming, goal: number): Promise<void> {
  await session.query(`UPDATE ${systemTable(app, 'meta_versions')} SET goal = NULL WHERE goal = $1`, [goal]);
}
