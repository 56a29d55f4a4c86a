// Brings every condition of checked metadata into its canonical form: decimals as strings, times in UTC, text in NFC.
import { isDeepStrictEqual } from 'node:util';
import { checkCondition } from '../conditions/check.ts';
import type { Condition } from '../conditions/tree.ts';
import { conditionsOf } from './conditions.ts';
import { stepsOf } from './pointer.ts';
import type { Registry } from './registry.ts';
import type { MetadataSource } from './types.ts';

/** The same metadata with canonical conditions; `registry` is compiled from it. */
export function canonicalConditions(source: MetadataSource, registry: Registry): MetadataSource {
  const changes = new Map<object, (readonly [pointer: string, condition: Condition])[]>();
  for (const { value, pointer, condition, vocabulary } of conditionsOf(registry)) {
    const result = checkCondition(condition, vocabulary);
    if ('condition' in result && !isDeepStrictEqual(result.condition, condition))
      changes.set(value, [...(changes.get(value) ?? []), [pointer, result.condition]]);
  }
  const changed = <T extends object>(items: readonly T[]): readonly T[] =>
    items.map((item) => {
      const own = changes.get(item);
      if (own === undefined) return item;
      const copy = structuredClone(item);
      for (const [pointer, condition] of own) place(copy, stepsOf(pointer), condition);
      return copy;
    });
  return {
    ...source,
    entities: changed(source.entities),
    layouts: changed(source.layouts),
    roles: changed(source.roles),
    views: changed(source.views),
    dashboards: changed(source.dashboards),
    workflows: changed(source.workflows),
  };
}

function place(value: object, steps: readonly string[], condition: Condition): void {
  let at = value as Record<string, unknown>;
  for (const key of steps.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[steps.at(-1) ?? ''] = condition;
}
