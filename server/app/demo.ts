// Demo records: only for a database in which nobody has done anything yet, or whose demo was interrupted.
import { actorsOf } from '../auth/actors.ts';
import { loadDemo } from '../platform/demo.ts';
import { systemContext } from '../repository/context.ts';
import type { Parts } from './parts.ts';

const source = 'demo';

/**
 * Loads the application's demo records. They belong to the first administrator, where they name no owner themselves.
 * Several nodes may do this at once. What goes wrong is logged: the application works without them.
 * @param signal ends it after the file that is being loaded; the next start goes on
 */
export async function fillWithDemo(parts: Parts, signal: AbortSignal): Promise<void> {
  const { config, database, log, registry, repository } = parts;
  try {
    const current = registry.current();
    const actor = await actorsOf(database.knex).administrator(current);
    if (actor === undefined || !(await isUntouched(parts))) return;
    const { created } = await loadDemo(repository, systemContext(current, source, { actor }), config.metadataDir, signal);
    const outcome = signal.aborted ? 'Demo records are there in part; the next start goes on' : 'Demo records are there';
    if (created > 0) log.info({ created }, outcome);
  } catch (error) {
    log.error({ err: error }, 'Demo records could not be loaded');
  }
}

/** The audit log tells: the first thing that was not the system's own doing was a demo record, or there was none. */
async function isUntouched({ database, registry }: Parts): Promise<boolean> {
  const audit = registry.current().entities.get('auditlog');
  if (audit === undefined) return true;
  const first = await database.knex
    .withSchema(registry.current().app.schema)
    .from(audit.table)
    .whereNot('source', 'system')
    .orderBy('id')
    .first<{ source: string } | undefined>('source');
  return first === undefined || first.source === source;
}
