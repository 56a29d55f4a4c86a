// What a command that works on records needs: the application's parts, closed again at the end; errors as sentences.
import { openParts, type Parts } from '../app/parts.ts';
import { actorsOf } from '../auth/actors.ts';
import type { Actor } from '../repository/actor.ts';
import { systemActor } from '../repository/actor.ts';
import { configOrExit } from './config-or-exit.ts';
import { describe } from './with-database.ts';

/** Runs `work`; what goes wrong is printed in a sentence and sets the exit code 1. Log lines below a warning are left out. */
export async function withParts(work: (parts: Parts) => Promise<void>): Promise<void> {
  const config = configOrExit();
  try {
    const parts = await openParts(
      { ...config, logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel },
      { migrate: false },
    );
    try {
      await work(parts);
    } finally {
      await parts.close();
    }
  } catch (error) {
    console.error(describe(error));
    process.exitCode = 1;
  }
}

/**
 * The user of `--as`; else the first administrator, because records may need an owner; else the system.
 * @throws Error when there is no such active user
 */
export async function actingAs({ database, registry }: Parts, email: string | undefined): Promise<Actor> {
  const actors = actorsOf(database.knex);
  if (email === undefined) return (await actors.administrator(registry.current())) ?? systemActor;
  const actor = await actors.byEmail(registry.current(), email);
  if (actor === undefined) throw new Error(`There is no active user with the address ${email}.`);
  return actor;
}
