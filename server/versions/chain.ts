// The way back to an earlier version: each version on it is taken back by a version of its own, newest first.
import { problem } from '../problem.ts';
import { qualified } from '../tables/ddl.ts';
import { quoteName } from '../tables/names.ts';
import type { SchemaModel } from '../tables/schema-types.ts';
import { continueVersion, type Run } from './execute.ts';
import { readInForce, withDocuments } from './in-force.ts';
import { type Added, addedBy, invertSteps, modelBehind } from './invert.ts';
import { openVersion, type RecordedStep, readModel, readSteps, type Version } from './journal.ts';
import { dropGoal } from './marks.ts';
import { withRows } from './plan-version.ts';
import type { VersionServices } from './services.ts';
import { inTransaction, type Session } from './session.ts';

export interface Way {
  readonly goal: number;
  readonly author: string | null;
  readonly reason: string | null;
  readonly requestKey?: string;
}

/**
 * What is left to take back, newest first. A version and the one that took it back cancel out, so a way back that was
 * itself taken back is gone.
 * @param versions those that are not undone, oldest first
 */
export function stillToRevert<V extends Pick<Version, 'number' | 'reverts' | 'kind'>>(
  versions: readonly V[],
  goal: number,
): readonly V[] {
  const left: V[] = [];
  for (const version of versions) {
    // What a purge dropped has no way back, and it changed nothing that anybody sees.
    if (version.number <= goal || version.kind === 'purge') continue;
    if (version.reverts !== null && left.at(-1)?.number === version.reverts) left.pop();
    else left.push(version);
  }
  return left.reverse();
}

/** Opens the version that takes another one back; returns its number. The other one must be what is in force, in effect. */
export async function openRevert({ session, services }: Run, reverted: Version, way: Way): Promise<number> {
  const { app } = services;
  const inForce = await readInForce(session, app);
  const before = inForce.versions.findLast((version) => version.number < reverted.number);
  const target = withDocuments(before);
  const beforeModel = before === undefined ? null : await readModel(session, app, before.number);
  const afterModel = await readModel(session, app, reverted.number);
  if (inForce.model === null || target === undefined || beforeModel === null || afterModel === null) {
    throw problem('conflict', { detail: `Before version ${reverted.number} there is nothing that was stored to go back to.` });
  }
  const { model } = inForce;
  refusePurged(model, beforeModel, afterModel, reverted.number);
  const steps = await readSteps(session, app, reverted.number);
  const kept = await withContent(session, services, model, steps);
  const inverted = await withRows(
    session,
    model,
    invertSteps(steps, model, (step) => !kept.has(keyOf(addedBy(step)))),
  );
  const behind = modelBehind(model, beforeModel, ({ entityId }, column) =>
    kept.has(keyOf({ entityId, columnId: column?.id ?? '' })),
  );
  const prepared =
    reverted.prepared && ({ ...reverted.prepared, side: reverted.prepared.side === 'to' ? 'from' : 'to' } as const);
  return inTransaction(session, () =>
    openVersion(session, app, {
      ...{ kind: 'rollback', filesHash: target.filesHash, customHash: target.customHash },
      ...{ registryVersion: target.registryVersion, model: behind, steps: inverted, prepared, reverts: reverted.number },
      ...way,
    }),
  );
}

/**
 * @param before what stood before the version, `after` what it left behind, `current` what is there now
 * @throws conflict when something that the version set aside was dropped for good: its inverse cannot bring that back
 */
function refusePurged(current: SchemaModel, before: SchemaModel, after: SchemaModel, number: number): void {
  const [there, left] = [idsOf(current, () => true), idsOf(after, () => true)];
  // What is no longer there right after the version was dropped by it, and comes back with its inverse.
  const purged = [...idsOf(before, (item) => item.retired !== true)].some((id) => left.has(id) && !there.has(id));
  if (!purged) return;
  throw problem('conflict', { detail: `What version ${number} set aside was dropped for good; nothing goes back behind it.` });
}

const idsOf = ({ tables }: SchemaModel, which: (item: { readonly retired?: true }) => boolean): ReadonlySet<string> =>
  new Set(
    tables
      .filter(which)
      .flatMap(({ entityId, columns }) => [entityId, ...columns.filter(which).map((column) => `${entityId} ${column.id}`)]),
  );

const keyOf = (added: Pick<Added, 'entityId' | 'columnId'> | undefined): string => `${added?.entityId}:${added?.columnId}`;

/** Keys of what the steps added and which holds values by now: nothing of it may be lost. */
async function withContent(
  session: Session,
  { app }: VersionServices,
  model: SchemaModel,
  steps: readonly RecordedStep[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const added of steps.flatMap((step) => addedBy(step) ?? [])) {
    const table = model.tables.find((candidate) => candidate.entityId === added.entityId);
    const column = table?.columns.find((candidate) => candidate.id === added.columnId);
    if (table === undefined || (added.columnId !== '' && column === undefined)) continue;
    const where = column === undefined ? '' : ` WHERE ${quoteName(column.name)} IS NOT NULL`;
    const [row] = await session.query<{ used: boolean }>(
      `SELECT EXISTS (SELECT FROM ${qualified(app.schema, table.name)}${where}) AS used`,
    );
    if (row?.used === true) found.add(keyOf(added));
  }
  return found;
}

/** Takes back what is left on the way, after the one that is being taken back now. When one cannot be, the way ends there. */
export async function goOn(run: Run, way: Way): Promise<void> {
  try {
    for (;;) {
      const { versions } = await readInForce(run.session, run.services.app);
      const [next] = stillToRevert(versions, way.goal);
      if (next === undefined) return;
      await continueVersion(run, await openRevert(run, next, way));
    }
  } catch (error) {
    if (run.services.signal?.aborted !== true) await dropGoal(run.session, run.services.app, way.goal);
    throw error;
  }
}
