// Joins the parts of the repository into the one door of repository.ts.
import { create } from './create.ts';
import { list } from './list.ts';
import { purge } from './purge.ts';
import { read } from './read.ts';
import { remove } from './remove.ts';
import type { Repository } from './repository.ts';
import { restore } from './restore.ts';
import { search } from './search.ts';
import type { RepositoryServices } from './services.ts';
import { inTransaction } from './transaction.ts';
import { update } from './update.ts';
import { upsert } from './upsert.ts';

export function createRepository(services: RepositoryServices): Repository {
  return Object.freeze<Repository>({
    list: (context, query) => list(services.knex, context, query),
    read: (context, entity, id, options) => read(services.knex, context, entity, id, options),
    create: (context, entity, input, options) => create(services, context, entity, input, options),
    update: (context, entity, id, patch, options) => update(services, context, entity, id, patch, options),
    remove: (context, entity, id, options) => remove(services, context, entity, id, options),
    restore: (context, entity, id) => restore(services, context, entity, id),
    purge: (context, entity, id) => purge(services, context, entity, id),
    upsert: (context, entity, input, on, options) => upsert(services, context, entity, input, on, options),
    search: (context, text, options) => search(services.knex, context, text, options),
    transaction: (context, work) => inTransaction(services, context, work),
  });
}
