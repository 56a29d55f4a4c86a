// What a killed process left half way goes on to where it was going.
import { goOn, stillToRevert } from './chain.ts';
import { continueVersion, type Run, undoVersion } from './execute.ts';
import { readVersions, type Version } from './journal.ts';

/** Whether something was begun and is neither done nor undone. */
export function isHalfWay(versions: readonly Version[]): boolean {
  const goal = versions.at(-1)?.goal ?? null;
  const onTheWay = goal !== null && stillToRevert(versions, goal).length > 0;
  return onTheWay || versions.some((version) => version.status !== 'applied');
}

/** @throws what stops the process itself; a version that had to be undone is told of in the log only */
export async function finishInterrupted(run: Run): Promise<void> {
  const { session, services } = run;
  const versions = await readVersions(session, services.app);
  for (const version of [...versions].reverse()) {
    if (version.status === 'undoing') await undoVersion(run, version.number);
    if (version.status === 'applying') await finished(run, version.number);
  }
  const now = await readVersions(session, services.app);
  const last = now.at(-1);
  if (last?.goal == null || stillToRevert(now, last.goal).length === 0) return;
  const { goal, author, reason } = last;
  await goOn(run, { goal, author, reason }).catch((error: unknown) => rethrowUnlessUndone(run, error));
}

async function finished(run: Run, number: number): Promise<void> {
  try {
    await continueVersion(run, number);
    run.services.log.info({ version: number }, 'A version that was interrupted is applied');
  } catch (error) {
    await rethrowUnlessUndone(run, error);
  }
}

async function rethrowUnlessUndone({ session, services }: Run, error: unknown): Promise<void> {
  if (services.signal?.aborted === true) throw error;
  const open = (await readVersions(session, services.app)).some((version) => version.status !== 'applied');
  if (open) throw error;
  services.log.error({ err: error }, 'A version that was interrupted could not be applied and was taken back');
}
