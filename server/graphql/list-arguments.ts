// Arguments of list fields → the query tree: filter, sort, paging.
import type { Condition } from '../conditions/tree.ts';
import type { Entity, Registry } from '../metadata/registry.ts';
import { type Issue, problem } from '../problem.ts';
import type { SortKey } from '../query/ast.ts';
import { parseFilterTree } from '../query/filter-parameters.ts';
import { includeLimit } from '../query/selection.ts';
import { parseSort } from '../query/sort.ts';
import { filterCondition } from './filter-input.ts';

export interface ListArguments {
  readonly filter?: Readonly<Record<string, unknown>> | null;
  readonly q?: string | null;
  readonly sort?: string | null;
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
  readonly offset?: number | null;
}

export interface ListOptions {
  readonly filter?: Condition;
  readonly sort: readonly SortKey[];
  readonly limit: number;
  readonly after?: string;
}

const maxLimit = 200;
const defaultLimit = 50;

/** `place` says whether the list stands at the root or inside a record, where pages are smaller. */
export function listOptions(registry: Registry, entity: Entity, given: ListArguments, place: 'root' | 'nested'): ListOptions {
  const issues: Issue[] = [];
  const tree = given.filter === undefined || given.filter === null ? undefined : filterCondition(registry, entity, given.filter);
  const filter = tree === undefined ? undefined : parseFilterTree(registry, entity, tree, '/filter', issues);
  const sort = parseSort(entity, given.sort ?? '', '/sort', issues);
  const limit = given.first ?? given.last ?? (place === 'root' ? defaultLimit : includeLimit);
  const max = entity.meta.api?.maxPageSize ?? maxLimit;
  if (limit < 1 || limit > max) issues.push({ pointer: '/first', code: 'range', detail: `A page has 1 to ${max} records.` });
  if (place === 'nested' && (given.last != null || given.before != null || given.offset != null || given.q != null)) {
    issues.push({ pointer: '/last', code: 'paging', detail: 'Lists inside a record are paged by "first" and "after".' });
  }
  if (issues.length > 0) throw problem('invalid_query', { errors: issues });
  return {
    ...(filter === undefined ? {} : { filter }),
    sort,
    limit,
    ...(given.after === undefined || given.after === null ? {} : { after: given.after }),
  };
}
