// Names of the users who made versions.
import { usersEntity } from '../metadata/system-fields.ts';
import type { Context } from '../repository/context.ts';
import { run } from '../repository/statement.ts';
import type { StudioServices } from './services.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** User id → name, also of users who are gone. Whoever may read the history may read who made it. */
export async function authorNames(
  { versions }: Pick<StudioServices, 'versions'>,
  { registry }: Pick<Context, 'registry'>,
  authors: readonly (string | null)[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(authors.filter((author) => author !== null && uuid.test(author)))];
  const entity = registry.entities.get(usersEntity);
  if (ids.length === 0 || entity === undefined) return new Map();
  const rows = await run<{ id: string; display_name: string }>(versions.knex, {
    text: `SELECT "id"::text AS id, "display_name" FROM ${entity.qualifiedTable} WHERE "id" = ANY($1::uuid[])`,
    values: [ids],
  });
  return new Map(rows.map(({ id, display_name }) => [id, display_name]));
}
