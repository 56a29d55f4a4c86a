// Optimistic concurrency: a write that names another version than the record's is refused with the record as it is.
import type { Entity } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import type { Context } from './context.ts';
import { type CurrentRow, read } from './read.ts';
import type { RepositoryServices } from './services.ts';

/**
 * @param ifVersion from If-Match; undefined without one
 * @throws problem `precondition_required` where the entity wants one, `stale_version` with the current record
 */
export async function requireVersion(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  current: CurrentRow,
  ifVersion: number | undefined,
): Promise<void> {
  if (ifVersion === undefined) {
    if (entity.meta.features?.requireIfMatch === true) throw problem('precondition_required');
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
