// What `start` does to the tables by itself: additive steps; anything else waits for somebody to say so.
import type { Registry } from '../metadata/registry.ts';
import { inTheWay, migrateWith } from '../versions/migrate.ts';
import type { VersionServices } from '../versions/services.ts';

/**
 * Files that were in force before never step a newer version back: then what is published goes on being served.
 * @throws Error that says what to do when the files cannot be served on the tables as they are
 */
export async function applyAdditive(services: VersionServices, files: Registry): Promise<void> {
  const { log } = services;
  const options = { additiveOnly: true, unlessOlder: true, reason: 'start' };
  const { applied, pending, version, olderThan } = await migrateWith(services, files, options);
  if (olderThan !== undefined) {
    const sentence = 'The metadata files are older than what is in force, so they change nothing; what is published is served';
    log.warn({ version: olderThan, files: files.version }, sentence);
    return;
  }
  if (applied.length > 0) log.info({ steps: applied.length, version }, 'The tables follow the metadata');
  if (pending.length === 0) return;
  const waiting = inTheWay(pending);
  if (waiting.length > 0) {
    const steps = waiting.map((step) => `  ${step.description}`).join('\n');
    throw new Error(
      `The metadata want changes that start does not make by itself. Look at them with "formwork plan", make them with "formwork migrate":\n${steps}`,
    );
  }
  log.warn({ steps: pending.length }, 'Steps that may disturb wait for "formwork migrate"; "formwork plan" shows them');
}
