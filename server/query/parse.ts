// A list request → a list query: query parameters (GET) and JSON body (POST …/query) take the same words.

import { didYouMean } from '../conditions/did-you-mean.ts';
import type { Condition } from '../conditions/tree.ts';
import type { Entity, Registry } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import type { ListQuery, Selection } from './ast.ts';
import { filterOf, isFilterParameter, parseFilterParameters } from './filter-parameters.ts';
import { parseSelection } from './selection.ts';
import { parseSort } from './sort.ts';
import { choice, integer, json, maxSearchLength, numeral, refuse, text as textIn } from './words.ts';

/** Words of a list request besides filters. */
export const listWords = [
  'fields',
  'include',
  'sort',
  'limit',
  'after',
  'before',
  'page',
  'count',
  'q',
  'filter',
  'deleted',
] as const;
type Word = (typeof listWords)[number];

const defaultLimit = 50;
const maxLimit = 200;
/** page · limit stays below this; further pages need a cursor. */
const maxOffset = 10_000;

/** `GET /{entity}?…`. Throws invalid_query with every finding; pointers are `?name`. */
export function parseListQuery(registry: Registry, entity: Entity, parameters: URLSearchParams): ListQuery {
  const issues: Issue[] = [];
  const words = new Map<Word, unknown>();
  const filters: (readonly [string, string])[] = [];
  for (const [name, value] of parameters) {
    if (isFilterParameter(name)) filters.push([name, value]);
    else if (!isWord(name)) issues.push(unknownParameter(entity, name));
    else if (words.has(name)) issues.push({ pointer: `?${name}`, code: 'repeated', detail: `"${name}" is given twice.` });
    else
      words.set(
        name,
        name === 'filter' ? json(value, '?filter', issues) : name === 'limit' || name === 'page' ? numeral(value) : value,
      );
  }
  const condition = parseFilterParameters(registry, entity, filters, issues);
  return listQuery(registry, entity, words, condition, (word) => `?${word}`, issues);
}

/** `POST /{entity}/query` with the same words as a JSON object, null for an absent one; pointers are JSON pointers. */
export function parseListBody(registry: Registry, entity: Entity, body: Readonly<Record<string, unknown>>): ListQuery {
  const issues: Issue[] = [];
  const words = new Map<Word, unknown>();
  for (const [name, value] of Object.entries(body)) {
    if (isWord(name) && value === null) continue;
    if (isWord(name)) words.set(name, Array.isArray(value) ? value.join(',') : value);
    else
      issues.push({
        pointer: `/${name}`,
        code: 'unknown_parameter',
        detail: `There is no "${name}" here.${didYouMean(name, listWords)}`,
      });
  }
  return listQuery(registry, entity, words, undefined, (word) => `/${word}`, issues);
}

/** `GET /{entity}/{id}?fields=…&include=…`. */
export function parseReadQuery(registry: Registry, entity: Entity, parameters: URLSearchParams): Selection {
  const issues: Issue[] = [];
  for (const name of parameters.keys()) {
    if (name !== 'fields' && name !== 'include') {
      issues.push({
        pointer: `?${name}`,
        code: 'unknown_parameter',
        detail: `There is no parameter "${name}" here.${didYouMean(name, ['fields', 'include'])}`,
      });
    }
  }
  const input = { fields: parameters.get('fields') ?? undefined, include: parameters.get('include') ?? undefined };
  const selection = parseSelection(registry, entity, input, { fields: '?fields', include: '?include' }, issues);
  refuse(issues);
  return selection;
}

function listQuery(
  registry: Registry,
  entity: Entity,
  words: ReadonlyMap<Word, unknown>,
  condition: Condition | undefined,
  pointer: (word: Word) => string,
  issues: Issue[],
): ListQuery {
  const text = (word: Word, max?: number): string | undefined => textIn(words.get(word), pointer(word), issues, max);
  const limit = integer(words.get('limit'), 1, entity.meta.api?.maxPageSize ?? maxLimit, defaultLimit, pointer('limit'), issues);
  const page = words.has('page') ? integer(words.get('page'), 1, maxOffset, 1, pointer('page'), issues) : undefined;
  const filter = filterOf(registry, entity, condition, words.get('filter'), pointer('filter'), issues);
  const [after, before, search] = [text('after'), text('before'), text('q', maxSearchLength)];
  const paged = [after, before, page].filter((given) => given !== undefined).length;
  if (paged > 1)
    issues.push({ pointer: pointer('after'), code: 'paging', detail: 'Give only one of "after", "before" and "page".' });
  if (page !== undefined && page * limit > maxOffset) {
    issues.push({ pointer: pointer('page'), code: 'too_far', detail: `Pages reach to record ${maxOffset}; go on with "after".` });
  }
  const query: ListQuery = {
    entity: entity.name,
    selection: parseSelection(
      registry,
      entity,
      { fields: text('fields'), include: text('include') },
      { fields: pointer('fields'), include: pointer('include') },
      issues,
    ),
    ...filter,
    ...(search === undefined || search.trim() === '' ? {} : { search }),
    sort: parseSort(entity, text('sort') ?? '', pointer('sort'), issues),
    limit,
    ...(after === undefined ? {} : { after }),
    ...(before === undefined ? {} : { before }),
    ...(page === undefined ? {} : { offset: (page - 1) * limit }),
    count: choice(words.get('count'), ['none', 'exact', 'estimated'], 'none', pointer('count'), issues),
    deleted: choice(words.get('deleted'), ['live', 'only', 'with'], 'live', pointer('deleted'), issues),
  };
  refuse(issues);
  return query;
}

const isWord = (name: string): name is Word => (listWords as readonly string[]).includes(name);

function unknownParameter(entity: Entity, name: string): Issue {
  const detail = entity.fields.has(name)
    ? `To filter by "${name}", write ${name}[eq]=….`
    : `There is no parameter "${name}".${didYouMean(name, listWords)}`;
  return { pointer: `?${name}`, code: 'unknown_parameter', detail };
}
