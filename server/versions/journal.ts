// The record of what was applied: versions of the schema, and each of their steps with its inverse.
import { systemTable } from '../tables/names.ts';
import type { Cost, Naming, SchemaModel, Step, StepKind } from '../tables/schema-types.ts';
import type { Session } from './session.ts';

export type VersionStatus = 'applying' | 'applied' | 'undoing' | 'undone';

export interface Version {
  readonly number: number;
  readonly registryVersion: string;
  readonly status: VersionStatus;
  readonly author: string | null;
  readonly reason: string | null;
  /** RFC 3339; null while it is being applied. */
  readonly appliedAt: string | null;
}

export interface RecordedStep extends Omit<Step, 'checks'> {
  readonly version: number;
  readonly position: number;
  /** Begun and perhaps done: only a step outside of a transaction is ever found in this state. */
  readonly started: boolean;
  readonly applied: boolean;
}

/** Versions that are not undone, oldest first. */
export async function readVersions(session: Session, app: Naming): Promise<readonly Version[]> {
  return session.query<Version & object>(
    `SELECT number, registry_version AS "registryVersion", status, author, reason,
       to_char(applied_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "appliedAt"
     FROM ${systemTable(app, 'meta_versions')} WHERE status <> 'undone' ORDER BY number`,
  );
}

/** What the version left behind; null for version 0, before anything. */
export async function readModel(session: Session, app: Naming, number: number): Promise<SchemaModel | null> {
  const rows = await session.query<{ model: string }>(
    `SELECT model::text AS model FROM ${systemTable(app, 'meta_versions')} WHERE number = $1`,
    [number],
  );
  return rows[0] === undefined ? null : (JSON.parse(rows[0].model) as SchemaModel);
}

export interface NewVersion {
  readonly registryVersion: string;
  readonly model: SchemaModel;
  readonly steps: readonly Step[];
  readonly author: string | null;
  readonly reason: string | null;
}

/** Writes the version with all of its steps still to be done; returns its number. Call it in a transaction. */
export async function openVersion(session: Session, app: Naming, version: NewVersion): Promise<number> {
  const [row] = await session.query<{ number: number }>(
    `INSERT INTO ${systemTable(app, 'meta_versions')} (number, registry_version, model, status, author, reason)
     SELECT coalesce(max(number), 0) + 1, $1::text, $2::jsonb, 'applying', $3::text, $4::text FROM ${systemTable(app, 'meta_versions')} RETURNING number`,
    [version.registryVersion, JSON.stringify(version.model), version.author, version.reason],
  );
  const number = row?.number ?? 0;
  const rows = version.steps.map(({ checks: _checks, ...step }, position) => ({ ...step, position }));
  await session.query(
    `INSERT INTO ${systemTable(app, 'meta_steps')}
       (version, position, id, kind, entity, table_name, up, down, lock, cost, additive, description)
     SELECT $1::integer, position, id, kind, entity, "table", up, down, lock, cost, additive, description
     FROM jsonb_to_recordset($2::jsonb) AS s (position integer, id text, kind text, entity text, "table" text, up jsonb, down jsonb,
       lock text, cost text, additive boolean, description text)`,
    [number, JSON.stringify(rows)],
  );
  return number;
}

interface StepRow {
  readonly position: number;
  readonly id: string;
  readonly kind: StepKind;
  readonly entity: string;
  readonly table: string;
  readonly up: string;
  readonly down: string;
  readonly lock: string;
  readonly cost: Cost;
  readonly additive: boolean;
  readonly description: string;
  readonly started: boolean;
  readonly applied: boolean;
}

/** The version's steps that are not undone, in the order in which they were applied. */
export async function readSteps(session: Session, app: Naming, version: number): Promise<readonly RecordedStep[]> {
  const rows = await session.query<StepRow>(
    `SELECT position, id, kind, entity, table_name AS "table", up::text AS up, down::text AS down, lock, cost, additive, description,
       started_at IS NOT NULL AS started, applied_at IS NOT NULL AS applied
     FROM ${systemTable(app, 'meta_steps')} WHERE version = $1 AND undone_at IS NULL ORDER BY position`,
    [version],
  );
  return rows.map((row) => ({ ...row, version, up: JSON.parse(row.up) as string[], down: JSON.parse(row.down) as string[] }));
}

export type StepMark = 'started' | 'applied' | 'undone';

/** Sets the step's time by the database's clock. */
export async function markStep(session: Session, app: Naming, step: RecordedStep, mark: StepMark): Promise<void> {
  await session.query(
    `UPDATE ${systemTable(app, 'meta_steps')} SET ${mark}_at = clock_timestamp() WHERE version = $1 AND position = $2`,
    [step.version, step.position],
  );
}

export async function setVersionStatus(session: Session, app: Naming, number: number, status: VersionStatus): Promise<void> {
  const time =
    status === 'applied' ? ', applied_at = clock_timestamp()' : status === 'undone' ? ', undone_at = clock_timestamp()' : '';
  await session.query(`UPDATE ${systemTable(app, 'meta_versions')} SET status = $2${time} WHERE number = $1`, [number, status]);
}
