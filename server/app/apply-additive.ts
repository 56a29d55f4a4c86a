// What `start` does to the tables by itself: additive steps; anything else waits for somebody to say so.
import type { Knex } from 'knex';
import type { Registry } from '../metadata/registry.ts';
import type { Log } from '../telemetry/log.ts';
import { migrate } from '../versions/migrate.ts';

/** While one of these waits, the tables still have names or types that the metadata no longer know. */
const unservable: readonly string[] = ['renameTable', 'renameColumn', 'changeType'];

/** @throws Error that says what to do when the metadata cannot be served on the tables as they are */
export async function applyAdditive(knex: Knex, registry: Registry, log: Log): Promise<void> {
  const { applied, pending, version } = await migrate(knex, registry, { additiveOnly: true, reason: 'start' });
  if (applied.length > 0) log.info({ steps: applied.length, version }, 'The tables follow the metadata');
  if (pending.length === 0) return;
  const waiting = pending.filter((step) => unservable.includes(step.kind));
  if (waiting.length > 0) {
    const steps = waiting.map((step) => `  ${step.description}`).join('\n');
    throw new Error(
      `The metadata want changes that start does not make by itself. Look at them with "formwork plan", make them with "formwork migrate":\n${steps}`,
    );
  }
  log.warn({ steps: pending.length }, 'Steps that may disturb wait for "formwork migrate"; "formwork plan" shows them');
}
