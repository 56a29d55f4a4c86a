// Asks the data what speaks against a plan, and how many rows each step meets.
import { qualified } from '../tables/ddl.ts';
import { quoteText } from '../tables/names.ts';
import type { SchemaModel, Step } from '../tables/schema-types.ts';
import type { Session } from './session.ts';

export interface Blocker {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  /** Ids of records (for duplicates: pairs), five at most. */
  readonly examples: readonly string[];
  readonly total: number;
}

/** Every check of the steps that finds rows. */
export async function findBlockers(session: Session, steps: readonly Step[]): Promise<readonly Blocker[]> {
  const blockers: Blocker[] = [];
  for (const { code, pointer, detail, sql } of steps.flatMap((step) => step.checks)) {
    const rows = await session.query<{ example: string; total: string }>(sql);
    if (rows.length === 0) continue;
    blockers.push({ pointer, code, detail, examples: rows.map((row) => row.example), total: Number(rows[0]?.total ?? 0) });
  }
  return blockers;
}

/** Above this the planner's estimate is good enough, and counting would take long. */
const countUpTo = 10_000;

/** Rows by entity name of the tables as they are before the change; exact for small tables, else the planner's estimate. */
export async function rowCounts(
  session: Session,
  model: SchemaModel | null,
  entities: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const table of model?.tables ?? []) {
    if (!entities.has(table.entity)) continue;
    const name = qualified(model?.schema ?? '', table.name);
    const [estimate] = await session.query<{ rows: number | null }>(
      `SELECT sum(greatest(c.reltuples, 0))::float8 AS rows FROM pg_class c
       WHERE c.oid = ${quoteText(name)}::regclass OR c.oid IN (SELECT relid FROM pg_partition_tree(${quoteText(name)}::regclass))`,
    );
    const [exact] = await session.query<{ rows: number }>(
      `SELECT count(*)::int AS rows FROM (SELECT FROM ${name} LIMIT ${countUpTo + 1}) counted`,
    );
    const small = (exact?.rows ?? 0) <= countUpTo;
    counts.set(table.entity, small ? (exact?.rows ?? 0) : Math.max(Math.round(estimate?.rows ?? 0), countUpTo));
  }
  return counts;
}
