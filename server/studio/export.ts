// The documents of a version: what was made at run time, or all layers.
import type { Context } from '../repository/context.ts';
import { registryOf } from './history.ts';
import { invalidQuery, numberIn, queryOf } from './parameters.ts';
import { requireReading } from './rights.ts';
import type { StudioServices } from './services.ts';

/** @param query `layers=custom|all`, `version=<number>` */
export async function exportDocuments(services: StudioServices, { actor }: Context, query: string) {
  requireReading(actor);
  const { layers = 'custom', version } = queryOf(query, ['layers', 'version']);
  if (layers !== 'custom' && layers !== 'all') throw invalidQuery('layers', 'option', '"layers" is custom or all.');
  const registry = await registryOf(services, numberIn('version', version, 0, 2 ** 31 - 1));
  return {
    version: registry.number,
    documents: registry.documents.filter(({ layer }) => layers === 'all' || layer === 'custom'),
  };
}
