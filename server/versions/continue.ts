// Goes on with a version that nobody carries any more: its process was killed, so its lock is free.
import { finishInterrupted, isHalfWay } from './interrupted.ts';
import { readVersions } from './journal.ts';
import { holdMigrationLock } from './lock.ts';
import type { VersionServices } from './services.ts';
import { withSession } from './session.ts';

/** Returns at once when there is nothing, or when another process is at it. */
export async function continueInterrupted(services: VersionServices): Promise<void> {
  const { knex, app } = services;
  const versions = await withSession(knex, (session) => readVersions(session, app));
  if (!isHalfWay(versions)) return;
  const held = await holdMigrationLock(knex, app);
  if (held === undefined) return;
  try {
    await finishInterrupted({ session: held.session, services });
  } finally {
    await held.release();
  }
}
