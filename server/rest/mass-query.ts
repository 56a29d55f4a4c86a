// `?<filters>&maxAffected=50`: which records a mass change is about, and how many they may be.
import type { Entity, Registry } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import { filterOf, isFilterParameter, parseFilterParameters } from '../query/filter-parameters.ts';
import { integer, json, maxSearchLength, numeral, refuse, text } from '../query/words.ts';
import type { MassQuery } from '../repository/matching.ts';
import { maxRecords } from './many.ts';
import { unknownParameter } from './parameters.ts';

const words = ['filter', 'q', 'maxAffected'] as const;

export interface MassRequest {
  readonly query: MassQuery;
  readonly maxAffected: number;
}

/** @throws problem `invalid_query` with every finding: a mass change says what it is about and how far it may go */
export function parseMassQuery(registry: Registry, entity: Entity, parameters: URLSearchParams): MassRequest {
  const issues: Issue[] = [];
  const given = new Map<string, string>();
  const filters: (readonly [string, string])[] = [];
  for (const [name, value] of parameters) {
    if (isFilterParameter(name)) filters.push([name, value]);
    else if (!words.some((word) => word === name)) issues.push(unknownParameter(name, words));
    else if (given.has(name)) issues.push({ pointer: `?${name}`, code: 'repeated', detail: `"${name}" is given twice.` });
    else given.set(name, value);
  }
  const condition = parseFilterParameters(registry, entity, filters, issues);
  const tree = given.get('filter');
  const parsed = tree === undefined ? undefined : json(tree, '?filter', issues);
  const filter = filterOf(registry, entity, condition, parsed, '?filter', issues);
  const search = text(given.get('q'), '?q', issues, maxSearchLength)?.trim() ?? '';
  if (filters.length === 0 && tree === undefined && search === '')
    issues.push({ pointer: '?filter', code: 'required', detail: 'Say which records are meant: by filters, "filter" or "q".' });
  const most = given.get('maxAffected');
  if (most === undefined)
    issues.push({ pointer: '?maxAffected', code: 'required', detail: 'Say how many records may be affected: maxAffected=….' });
  const maxAffected = integer(most === undefined ? undefined : numeral(most), 1, maxRecords, maxRecords, '?maxAffected', issues);
  refuse(issues);
  return {
    query: { entity: entity.name, ...filter, ...(search === '' ? {} : { search }) },
    maxAffected,
  };
}
