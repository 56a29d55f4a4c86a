// All computed fields of a registry, each after those that it is worked out from, and what tells that it has changed.
import { type Condition, isFactOperand, isLeaf } from '../conditions/tree.ts';
import type { FormulaNode } from '../formulas/tree.ts';
import { feedOf, feedReads, inheritedFrom, type RollupField, readsOf } from './computed.ts';
import { resolveFact } from './facts.ts';
import { type Entity, type Field, perRegistry, type Registry } from './registry.ts';

export interface PlacedField {
  readonly entity: Entity;
  readonly field: Field;
}

/** What a value is directly worked out from. */
export function inputsOf(registry: Registry, { entity, field }: PlacedField): readonly PlacedField[] {
  const placed = (of: Entity, names: readonly string[]): readonly PlacedField[] =>
    names.flatMap((name) => {
      const found = of.fields.get(name);
      return found === undefined ? [] : [{ entity: of, field: found }];
    });
  if (field.computed?.kind === 'inherited') {
    const source = inheritedFrom(registry, entity, field.computed);
    return [...placed(entity, readsOf(field)), ...(source === undefined ? [] : [source])];
  }
  if (field.computed?.kind !== 'rollup') return placed(entity, readsOf(field));
  const feed = feedOf(registry, entity, field as RollupField);
  return feed === undefined ? [] : placed(feed.source, feedReads(feed));
}

/** A circle, which the checks refuse, is cut somewhere. */
export const computedInOrder = perRegistry((registry): readonly PlacedField[] => {
  const ordered: PlacedField[] = [];
  const begun = new Set<Field>();
  const visit = (placed: PlacedField): void => {
    if (placed.field.computed === undefined || begun.has(placed.field)) return;
    begun.add(placed.field);
    for (const input of inputsOf(registry, placed)) visit(input);
    ordered.push(placed);
  };
  for (const entity of registry.entities.values()) for (const field of entity.fields.values()) visit({ entity, field });
  return ordered;
});

/** The same for as long as a value is worked out in the same way from the same things, whatever they are called. */
export function definitionOf(registry: Registry, { entity, field }: PlacedField): string {
  const { computed } = field;
  const columns = [...field.columns, ...(field.kept ?? [])].map(({ suffix, type }) => [suffix, type]);
  const ids = inputsOf(registry, { entity, field }).map(({ field: input }) => [
    input.meta.id,
    input.columns.map(({ type }) => type),
  ]);
  if (computed === undefined) return '';
  const shape = [columns, ids, field.meta.maxLength, registry.app.baseCurrency];
  if (computed.kind === 'formula') return JSON.stringify([...shape, byId(entity, computed.formula)]);
  if (computed.kind === 'converted' || computed.kind === 'inherited') return JSON.stringify(shape);
  const feed = feedOf(registry, entity, field as RollupField);
  const filter =
    computed.filter === undefined || feed === undefined ? null : conditionById(registry, feed.source, computed.filter);
  return JSON.stringify([...shape, feed?.relation.id, computed.calculate, filter]);
}

function byId(entity: Entity, node: FormulaNode): unknown {
  if (node.node === 'literal') return [node.kind, String(node.value)];
  if (node.node === 'call') return [node.call.name, ...node.args.map((arg) => byId(entity, arg))];
  const [name = '', part = ''] = node.path.split('.');
  return [entity.fields.get(name)?.meta.id, part];
}

function conditionById(registry: Registry, source: Entity, condition: Condition): unknown {
  const fact = (path: string): unknown => {
    const found = resolveFact(registry, source, path);
    return found === undefined ? path : [found.field.meta.id, found.suffix];
  };
  const inner = (part: Condition): unknown => conditionById(registry, source, part);
  if ('all' in condition) return ['all', ...condition.all.map(inner)];
  if ('any' in condition) return ['any', ...condition.any.map(inner)];
  if ('not' in condition) return ['not', inner(condition.not)];
  if (!isLeaf(condition)) return condition;
  return [
    fact(condition.fact),
    condition.operator,
    isFactOperand(condition.value) ? fact(condition.value.fact) : condition.value,
  ];
}
