// Joins the parts of the repository into the one door of repository.ts, through which only problems come out.
import { databaseProblem } from '../database/problems.ts';
import { Problem } from '../problem.ts';
import { aggregate } from './aggregate.ts';
import { askDuplicates } from './ask-duplicates.ts';
import { create } from './create.ts';
import { underCurrentNames } from './current-input.ts';
import { insertMany } from './insert-many.ts';
import { list } from './list.ts';
import { matching } from './matching.ts';
import { merge } from './merge.ts';
import { purge } from './purge.ts';
import { read } from './read.ts';
import { remove } from './remove.ts';
import type { Repository } from './repository.ts';
import { restore } from './restore.ts';
import { search } from './search.ts';
import type { RepositoryServices } from './services.ts';
import { driverError, inTransaction } from './transaction.ts';
import { unmerge } from './unmerge.ts';
import { update } from './update.ts';
import { upsert } from './upsert.ts';

export function createRepository(services: RepositoryServices): Repository {
  const { knex } = services;
  return Object.freeze<Repository>({
    list: (context, query) => told(list(knex, context, query)),
    aggregate: (context, query) => told(aggregate(services, context, query)),
    matching: (context, query, right, most) =>
      told(inTransaction(services, context, (inner) => matching(inner, query, right, most))),
    read: (context, entity, id, options) => told(read(knex, context, entity, id, options)),
    create: (context, entity, input, options) =>
      told(underCurrentNames(context, entity, input, (current) => create(services, context, entity, current, options))),
    update: (context, entity, id, patch, options) =>
      told(underCurrentNames(context, entity, patch, (current) => update(services, context, entity, id, current, options))),
    remove: (context, entity, id, options) => told(remove(services, context, entity, id, options)),
    restore: (context, entity, id) => told(restore(services, context, entity, id)),
    merge: (context, entity, id, request, options) => told(merge(services, context, entity, id, request, options)),
    unmerge: (context, entity, id, mergeId) => told(unmerge(services, context, entity, id, mergeId)),
    purge: (context, entity, id) => told(purge(services, context, entity, id)),
    upsert: (context, entity, input, on, options) =>
      told(underCurrentNames(context, entity, input, (current) => upsert(services, context, entity, current, on, options))),
    duplicates: (context, entity, input, options) =>
      told(underCurrentNames(context, entity, input, (current) => askDuplicates(services, context, entity, current, options))),
    insertMany: (context, entity, records) => told(insertMany(services, context, entity, records)),
    search: (context, text, options) => told(search(knex, context, text, options)),
    transaction: (context, work) => told(inTransaction(services, context, work)),
  });
}

/** What the database refuses becomes a problem; a mistake of ours stays an error, for the log and a 500. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Problem ? error : (databaseProblem(driverError(error)) ?? error);
  }
}
