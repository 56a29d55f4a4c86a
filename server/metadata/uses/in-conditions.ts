// What a condition names: facts, relations that it quantifies over, options that it compares with.
import { type Condition, isFactOperand, isLeaf, type Leaf } from '../../conditions/tree.ts';
import type { Entity, Field, Registry } from '../registry.ts';
import { pathUses, type ReadPath } from './paths.ts';
import { namedAt, nameUse, type Target, type Use } from './reference.ts';
import { optionTarget, relationTarget, roleTarget } from './targets.ts';

/** Facts of the caller and the clock; an entity may still have a relation called `actor`. */
const ambient: ReadonlySet<string> = new Set(['now', 'today', 'actor.id', 'actor.email', 'actor.roles']);

export function conditionUses(
  registry: Registry,
  entity: Entity,
  pointer: string,
  condition: Condition | null | undefined,
): readonly Use[] {
  if (condition === undefined || condition === null) return [];
  const inner = (part: Condition | undefined, below: string, on = entity): readonly Use[] =>
    conditionUses(registry, on, `${pointer}/${below}`, part);
  if ('all' in condition) return condition.all.flatMap((part, at) => inner(part, `all/${at}`));
  if ('any' in condition) return condition.any.flatMap((part, at) => inner(part, `any/${at}`));
  if ('not' in condition) return inner(condition.not, 'not');
  if (isLeaf(condition)) return leafUses(registry, entity, pointer, condition);
  const key = 'some' in condition ? 'some' : 'none' in condition ? 'none' : 'every';
  const quantified = 'some' in condition ? condition.some : 'none' in condition ? condition.none : condition.every;
  const relation = entity.relations.get(quantified.relation);
  if (relation === undefined) return [];
  const target = 'target' in relation ? registry.entities.get(relation.target) : undefined;
  return [
    namedAt(`${pointer}/${key}/relation`, quantified.relation, relationTarget(entity, relation)),
    ...(target === undefined ? [] : inner(quantified.where, `${key}/where`, target)),
  ];
}

function leafUses(registry: Registry, entity: Entity, pointer: string, { fact, value }: Leaf): readonly Use[] {
  const read = (path: string, place: string): ReadPath =>
    ambient.has(path) ? { uses: [] } : pathUses(registry, entity, place, path);
  const left = read(fact, `${pointer}/fact`);
  if (isFactOperand(value)) return [...left.uses, ...read(value.fact, `${pointer}/value/fact`).uses];
  const targetOf = (text: unknown): Target | undefined =>
    fact === 'actor.roles' ? roleTarget(registry, text) : left.field && optionTarget(registry, left.field, text);
  return [...left.uses, ...literalUses(`${pointer}/value`, value, targetOf)];
}

/** One value or a list of them, each perhaps the name of something. */
const literalUses = (pointer: string, value: unknown, targetOf: (text: unknown) => Target | undefined): readonly Use[] =>
  Array.isArray(value)
    ? value.flatMap((item: unknown, at) => nameUse(`${pointer}/${at}`, item, targetOf(item)))
    : nameUse(pointer, value, targetOf(value));

/** A value of a field: its options, when it has any. */
export const valueUses = (registry: Registry, field: Field, pointer: string, value: unknown): readonly Use[] =>
  literalUses(pointer, value, (text) => optionTarget(registry, field, text));
