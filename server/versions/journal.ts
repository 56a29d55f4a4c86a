// The record of what was applied: versions of the metadata, and each of their steps with its inverse.
import type { Transition } from '../metadata/document.ts';
import { systemTable } from '../tables/names.ts';
import type { Cost, Naming, Phase, SchemaModel, Step, StepKind } from '../tables/schema-types.ts';
import type { DocumentHashes, Queries } from './documents.ts';
import { metadataChannel } from './publications.ts';
import type { VersionKind, VersionStatus } from './request.ts';
import { isInstalled } from './system-migrations.ts';

/** What is published between `prepare` and `swap`: the documents of one of the two sides, and what they understand beside. */
export interface Prepared {
  readonly side: 'from' | 'to';
  readonly transition: Transition;
}

export interface Version {
  readonly number: number;
  readonly kind: VersionKind;
  readonly registryVersion: string;
  readonly status: VersionStatus;
  readonly stage: 'expand' | 'prepared' | 'swapped';
  /** null for versions made before documents were stored. */
  readonly filesHash: string | null;
  readonly customHash: string | null;
  /** null when nothing is prepared. */
  readonly prepared: Prepared | null;
  /** For one that takes another back: which, and the version the whole way leads to. */
  readonly reverts: number | null;
  readonly goal: number | null;
  readonly requestKey: string | null;
  readonly author: string | null;
  readonly reason: string | null;
  /** RFC 3339. */
  readonly createdAt: string;
  /** null while it is being applied. */
  readonly appliedAt: string | null;
  readonly undoneAt: string | null;
}

export interface RecordedStep extends Omit<Step, 'checks' | 'batched'> {
  readonly version: number;
  readonly position: number;
  readonly batched: boolean;
  /** Begun and perhaps done: only a step outside of a transaction, or one by batches, is ever found in this state. */
  readonly started: boolean;
  readonly applied: boolean;
  readonly undone: boolean;
  /** The id after which a step by batches goes on. */
  readonly cursor: string | null;
  readonly rowsDone: number;
  readonly rowsTotal: number | null;
}

const time = (column: string): string => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const older = `'files' AS kind, 'swapped' AS stage, NULL AS "filesHash", NULL AS "customHash", NULL AS prepared, NULL::int AS reverts,
  NULL::int AS goal, NULL AS "requestKey"`;
const newer = `kind, stage, files_hash AS "filesHash", custom_hash AS "customHash", prepared::text AS prepared, reverts, goal,
  request_key AS "requestKey"`;

/** All versions ever opened, oldest first, also those that were undone. */
export async function readAllVersions(session: Queries, app: Naming): Promise<readonly Version[]> {
  // A database of an earlier release can be looked at before it is migrated.
  const columns = (await isInstalled(session, app)) ? newer : older;
  const rows = await session.query<Omit<Version, 'prepared'> & { readonly prepared: string | null }>(
    `SELECT number, registry_version AS "registryVersion", status, ${columns}, author, reason,
       ${time('created_at')} AS "createdAt", ${time('applied_at')} AS "appliedAt", ${time('undone_at')} AS "undoneAt"
     FROM ${systemTable(app, 'meta_versions')} ORDER BY number`,
  );
  return rows.map((row) => ({ ...row, prepared: row.prepared === null ? null : (JSON.parse(row.prepared) as Prepared) }));
}

/** Versions that are not undone, oldest first. */
export async function readVersions(session: Queries, app: Naming): Promise<readonly Version[]> {
  return (await readAllVersions(session, app)).filter((version) => version.status !== 'undone');
}

/** What the version left behind; null for version 0, before anything. */
export async function readModel(session: Queries, app: Naming, number: number): Promise<SchemaModel | null> {
  const rows = await session.query<{ model: string }>(
    `SELECT model::text AS model FROM ${systemTable(app, 'meta_versions')} WHERE number = $1`,
    [number],
  );
  return rows[0] === undefined ? null : (JSON.parse(rows[0].model) as SchemaModel);
}

export interface NewVersion extends DocumentHashes {
  readonly kind: VersionKind;
  readonly registryVersion: string;
  readonly model: SchemaModel;
  readonly steps: readonly NewStep[];
  readonly prepared: Prepared | null;
  readonly author: string | null;
  readonly reason: string | null;
  readonly changes?: unknown;
  readonly requestKey?: string;
  readonly reverts?: number;
  readonly goal?: number;
}

/** Rows of its table where they are counted: they become the total of a step by batches. */
export type NewStep = Omit<Step, 'checks'> & { readonly rows?: number };

/** Writes the version with all of its steps still to be done, and tells of it; returns its number. Call it in a transaction. */
export async function openVersion(session: Queries, app: Naming, version: NewVersion): Promise<number> {
  const versions = systemTable(app, 'meta_versions');
  const { changes, prepared } = version;
  const [row] = await session.query<{ number: number }>(
    `INSERT INTO ${versions} (number, registry_version, model, status, author, reason, files_hash, custom_hash, kind, changes,
       prepared, request_key, reverts, goal)
     SELECT coalesce(max(number), 0) + 1, $1::text, $2::jsonb, 'applying', $3::text, $4::text, $5::text, $6::text, $7::text, $8::jsonb,
       $9::jsonb, $10::text, $11::integer, $12::integer FROM ${versions} RETURNING number`,
    [
      ...[version.registryVersion, JSON.stringify(version.model), version.author, version.reason],
      ...[version.filesHash, version.customHash, version.kind, changes === undefined ? null : JSON.stringify(changes)],
      ...[prepared === null ? null : JSON.stringify(prepared), version.requestKey ?? null],
      ...[version.reverts ?? null, version.goal ?? null],
    ],
  );
  const number = row?.number ?? 0;
  const rows = version.steps.map((step, position) => ({
    ...step,
    position,
    batched: step.batched === true,
    rows_total: step.batched === true ? (step.rows ?? null) : null,
  }));
  await session.query(
    `INSERT INTO ${systemTable(app, 'meta_steps')}
       (version, position, id, kind, entity, table_name, up, down, lock, cost, additive, description, phase, batched, rows_total)
     SELECT $1::integer, position, id, kind, entity, "table", up, down, lock, cost, additive, description, phase, batched, rows_total
     FROM jsonb_to_recordset($2::jsonb) AS s (position integer, id text, kind text, entity text, "table" text, up jsonb, down jsonb,
       lock text, cost text, additive boolean, description text, phase text, batched boolean, rows_total bigint)`,
    [number, JSON.stringify(rows)],
  );
  if (prepared !== null) await session.query('SELECT pg_notify($1, $2)', [metadataChannel(app), '']);
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
  readonly phase: Phase;
  readonly batched: boolean;
  readonly started: boolean;
  readonly applied: boolean;
  readonly undone: boolean;
  readonly cursor: string | null;
  readonly rowsDone: string;
  readonly rowsTotal: string | null;
}

/** All steps of the version in the order in which they are applied. */
export async function readSteps(session: Queries, app: Naming, version: number): Promise<readonly RecordedStep[]> {
  const rows = await session.query<StepRow>(
    `SELECT position, id, kind, entity, table_name AS "table", up::text AS up, down::text AS down, lock, cost, additive, description,
       phase, batched, started_at IS NOT NULL AS started, applied_at IS NOT NULL AS applied, undone_at IS NOT NULL AS undone,
       cursor::text AS cursor, rows_done::text AS "rowsDone", rows_total::text AS "rowsTotal"
     FROM ${systemTable(app, 'meta_steps')} WHERE version = $1 ORDER BY position`,
    [version],
  );
  return rows.map((row) => ({
    ...row,
    version,
    up: JSON.parse(row.up) as string[],
    down: JSON.parse(row.down) as string[],
    rowsDone: Number(row.rowsDone),
    rowsTotal: row.rowsTotal === null ? null : Number(row.rowsTotal),
  }));
}
