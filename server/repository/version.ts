// Optimistic concurrency: a write that names another version than the record's is refused with the record as it is.
import type { Entity } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import type { Context, Source } from './context.ts';
import { type CurrentRow, read } from './read.ts';
import type { RepositoryServices } from './services.ts';

/** Who writes what a person looked at before. Imports and workflows read and write in one transaction. */
const readers: readonly Source[] = ['ui', 'api'];

/**
 * @param ifVersion from If-Match; undefined without one
 * @throws problem `precondition_required` where the entity wants one of people and clients, `stale_version` with the current record
 */
export async function requireVersion(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  current: CurrentRow,
  ifVersion: number | undefined,
): Promise<void> {
  if (ifVersion === undefined) {
    if (entity.meta.features?.requireIfMatch === true && readers.includes(context.source)) throw problem('precondition_required');
    return;
  }
  if (ifVersion === current.version) return;
  const text = await read(services.knex, context, entity.name, current.id);
  throw problem('stale_version', {
    detail: `This ${entity.singular} is at version ${current.version}, not ${ifVersion}.`,
    headers: { ETag: `"${current.version}"` },
    extra: { current: JSON.parse(text) as unknown },
  });
}
