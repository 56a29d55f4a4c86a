// Runs one step of a version, up or down, with its mark: in a transaction, outside of any, or by batches.
import { setTimeout as delay } from 'node:timers/promises';
import { type Attempted, inShortTransaction, throwIfStopped, withoutTransaction } from './attempts.ts';
import { type Batch, computeBatch } from './compute-batch.ts';
import type { RecordedStep } from './journal.ts';
import { markBatch, markStep } from './marks.ts';
import { timingOf } from './services.ts';
import { refusedByData, refuseFound } from './verify.ts';

export type Direction = 'up' | 'down';

/** A step on its own. Those of `prepare` and `swap` share a transaction, see `runStatements`. */
export async function runStep(run: Attempted, step: RecordedStep, direction: Direction): Promise<void> {
  const { session, services } = run;
  if (step.batched && step[direction].length > 0) {
    await markStep(session, services.app, step, 'started');
    return runBatches(run, step, direction);
  }
  if (step.cost === 'deferred') {
    return withoutTransaction(run, async () => {
      await markStep(session, services.app, step, 'started');
      await runStatements(run, step, direction);
    });
  }
  return inShortTransaction(run, () => runStatements(run, step, direction));
}

/** The statements of a step and its mark. */
export async function runStatements({ session, services }: Attempted, step: RecordedStep, direction: Direction): Promise<void> {
  for (const statement of step[direction])
    refuseFound(
      step,
      await session.query(statement).catch((error: unknown) => {
        throw refusedByData(step, error);
      }),
    );
  await markStep(session, services.app, step, direction === 'up' ? 'applied' : 'undone');
}

/** Pause after a batch, as a part of the time it took: half of the time belongs to the others. */
const pausePart = 1;

async function runBatches(run: Attempted, step: RecordedStep, direction: Direction): Promise<void> {
  const { session, services } = run;
  const [sql = ''] = step[direction];
  const { batchRows } = timingOf(services);
  for (let { cursor } = step; ; ) {
    const began = performance.now();
    const last = await inShortTransaction(run, async () => {
      const [batch] =
        step.kind === 'computeColumns'
          ? [await computeBatch(session, step[direction], cursor, batchRows)]
          : await session.query<Batch>(sql, [cursor, batchRows]);
      if (batch === undefined || batch.last === null) {
        await markStep(session, services.app, step, direction === 'up' ? 'applied' : 'undone');
        return null;
      }
      await markBatch(session, services.app, step, batch.last, Number(batch.count));
      return batch.last;
    });
    if (last === null) return;
    cursor = last;
    throwIfStopped(services);
    await delay((performance.now() - began) * pausePart);
  }
}
