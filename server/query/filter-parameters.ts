// `field[op]=value` and `filter=<json>` → one condition, checked against the entity.
import { checkCondition } from '../conditions/check.ts';
import { didYouMean } from '../conditions/did-you-mean.ts';
import { operatorByAlias, operators } from '../conditions/operators.ts';
import type { Condition } from '../conditions/tree.ts';
import type { Entity, Registry } from '../metadata/registry.ts';
import { vocabularyOf } from '../metadata/vocabulary.ts';
import type { Issue } from '../problem.ts';
import { currentTree } from './current-names.ts';

const bracketed = /^([^[\]]+)\[([^[\]]*)\]$/;

/** Whether a query parameter is meant as a filter: `stage[eq]`, or a plain `stage` (equality). */
export const isFilterParameter = (name: string): boolean => bracketed.test(name) || name.includes('[');

/** All filter parameters, joined by "all"; undefined when there is none. Findings are pushed to `issues`. */
export function parseFilterParameters(
  registry: Registry,
  entity: Entity,
  parameters: readonly (readonly [string, string])[],
  issues: Issue[],
): Condition | undefined {
  const conditions = parameters
    .map(([name, value]) => parseOne(registry, entity, name, value, issues))
    .filter((part) => part !== undefined);
  return conditions.length > 1 ? { all: conditions } : conditions[0];
}

function parseOne(registry: Registry, entity: Entity, name: string, value: string, issues: Issue[]): Condition | undefined {
  const match = bracketed.exec(name);
  const [, fact = '', alias = ''] = match ?? [];
  const pointer = `?${name}`;
  if (match === null) {
    issues.push({ pointer, code: 'invalid_filter', detail: `"${name}" is not of the form field[operator].` });
    return undefined;
  }
  const operator = operatorByAlias(alias);
  if (operator === undefined) {
    const known = operators.map((candidate) => candidate.alias);
    issues.push({ pointer, code: 'unknown_operator', detail: `There is no operator "${alias}".${didYouMean(alias, known)}` });
    return undefined;
  }
  const list = operator.shape === 'many' || operator.shape === 'range';
  const operand = list ? value.split(',').map((part) => part.trim()) : operator.shape === 'flag' ? flag(value) : value;
  return checked(registry, entity, { fact, operator: operator.name, value: operand }, () => pointer, issues);
}

const flag = (value: string): unknown => (value === 'true' || value === '' ? true : value === 'false' ? false : value);

/** A whole condition tree, from JSON. */
export function parseFilterTree(
  registry: Registry,
  entity: Entity,
  tree: unknown,
  pointer: string,
  issues: Issue[],
): Condition | undefined {
  const joint = pointer.startsWith('?') ? '#' : '';
  return checked(registry, entity, tree, (below) => (below === '' ? pointer : pointer + joint + below), issues);
}

/** Filter parameters and a tree (undefined: none) mean one thing: all of both. */
export function filterOf(
  registry: Registry,
  entity: Entity,
  condition: Condition | undefined,
  tree: unknown,
  pointer: string,
  issues: Issue[],
): { readonly filter?: Condition } {
  const parsed = tree === undefined ? undefined : parseFilterTree(registry, entity, tree, pointer, issues);
  const filter = condition !== undefined && parsed !== undefined ? { all: [condition, parsed] } : (condition ?? parsed);
  return filter === undefined ? {} : { filter };
}

function checked(
  registry: Registry,
  entity: Entity,
  tree: unknown,
  place: (below: string) => string,
  issues: Issue[],
): Condition | undefined {
  const result = checkCondition(currentTree(registry, entity, tree), vocabularyOf(registry, entity));
  if ('condition' in result) return result.condition;
  for (const issue of result.issues) issues.push({ pointer: place(issue.pointer), code: issue.code, detail: issue.detail });
  return undefined;
}
