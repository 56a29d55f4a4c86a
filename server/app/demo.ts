// Demo records: those of the application's files, then those that its plugins make up.
// At the start only for a database in which nobody has done anything yet, or whose demo was interrupted.
import { actorsOf } from '../auth/actors.ts';
import { loadDemo } from '../platform/demo.ts';
import { loadBundles } from '../platform/generated-demo.ts';
import { systemActor } from '../repository/actor.ts';
import { systemContext } from '../repository/context.ts';
import type { Parts } from './parts.ts';

const source = 'demo';
/** Of the demo that an empty database gets. */
export const defaultDemo = { size: 50, seed: 'formwork' } as const;

export interface DemoWish {
  readonly size: number;
  readonly seed: string;
  /** The day that everything is seen from, YYYY-MM-DD; absent: the day on which the demo was begun, else today (UTC). */
  readonly today?: string;
  readonly onProgress?: (count: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Loads the demo files' records and those that plugins make up. They belong to the first administrator, where they name no
 * owner themselves. What is there already stays as it is, so an interrupted demo goes on where it stopped.
 * @returns how many records are new
 * @throws Error that names what cannot be loaded
 */
export async function makeDemo(parts: Parts, { size, seed, today, onProgress, signal }: DemoWish): Promise<number> {
  const { config, database, plugins, registry, repository } = parts;
  const current = registry.current();
  const actor = (await actorsOf(database.knex).administrator(current)) ?? systemActor;
  const context = systemContext(current, source, { actor });
  const { base, created } = await loadDemo(repository, context, config.metadataDir, signal);
  const day = today ?? (await firstAct(parts))?.day ?? new Date().toISOString().slice(0, 10);
  let count = created;
  for (const { demo } of plugins) {
    if (demo === undefined || base.size === 0) continue;
    count += await loadBundles(repository, context, demo({ size, seed, today: day, base }), {
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(signal === undefined ? {} : { signal }),
    });
  }
  return count;
}

/**
 * The demo of a first start. Several nodes may do this at once. What goes wrong is logged: the application works without it.
 * @param signal ends it after the records that are being written; the next start goes on
 */
export async function fillWithDemo(parts: Parts, signal: AbortSignal): Promise<void> {
  const { log } = parts;
  try {
    const first = await firstAct(parts);
    const actor = await actorsOf(parts.database.knex).administrator(parts.registry.current());
    if (actor === undefined || (first !== undefined && first.source !== source)) return;
    const onProgress = (count: number): void => log.info({ count }, 'Demo records are being made');
    const created = await makeDemo(parts, { ...defaultDemo, onProgress, signal });
    const outcome = signal.aborted ? 'Demo records are there in part; the next start goes on' : 'Demo records are there';
    if (created > 0) log.info({ created }, outcome);
  } catch (error) {
    log.error({ err: error }, 'Demo records could not be loaded');
  }
}

/** The audit log tells what the first thing was that was not the system's own doing, and on which day (UTC). */
async function firstAct({ database, registry }: Parts): Promise<{ readonly source: string; readonly day: string } | undefined> {
  const audit = registry.current().entities.get('auditlog');
  if (audit === undefined) return undefined;
  const { knex } = database;
  return knex
    .withSchema(registry.current().app.schema)
    .from(audit.table)
    .whereNot('source', 'system')
    .orderBy('id')
    .first<{ source: string; day: string } | undefined>(
      'source',
      knex.raw(`to_char("created_at" AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day`),
    );
}
