// What differs between two states of the metadata: objects and members by their ids, list items by what identifies them.
import { isDeepStrictEqual } from 'node:util';
import { compareText } from '../conditions/order.ts';
import { comparedParts } from './compare-parts.ts';
import { kinds } from './kinds.ts';
import type { Registry } from './registry.ts';
import type { MetadataSource } from './types.ts';

export interface Difference {
  /** The object that differs. */
  readonly kind: keyof MetadataSource;
  readonly id: string;
  /** The name it has in the second, or had when it is gone. */
  readonly name: string;
  /** `moved`: the same items in another order; `before` and `after` tell the orders. */
  readonly change: 'added' | 'removed' | 'renamed' | 'changed' | 'moved';
  /** RFC 6901 pointer into the second's object, for what was removed into the first's; '' for the object itself. */
  readonly pointer: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** In the order of the kinds, then of the ids, then of the places; the order of keys means nothing. */
export function compareMetadata(a: MetadataSource | Registry, b: MetadataSource | Registry): readonly Difference[] {
  return kinds.flatMap(({ key: kind }) => {
    const [before, after] = [objectsById(a, kind), objectsById(b, kind)];
    return [...new Set([...before.keys(), ...after.keys()])].sort(compareText).flatMap((id) => {
      const [old, now] = [before.get(id), after.get(id)];
      const { name = id } = (now ?? old ?? {}) as { readonly name?: string };
      const object = { kind, id, name };
      if (old === undefined) return [{ ...object, change: 'added' as const, pointer: '', after: now }];
      if (now === undefined) return [{ ...object, change: 'removed' as const, pointer: '', before: old }];
      return isDeepStrictEqual(old, now) ? [] : comparedParts(old, now).map((part) => ({ ...object, ...part }));
    });
  });
}

/** There is one application, whatever its id. */
function objectsById(from: MetadataSource | Registry, kind: keyof MetadataSource): ReadonlyMap<string, object> {
  if (kind === 'app') return new Map([['app', from.app]]);
  const held: Iterable<object> = 'fieldTypes' in from ? heldBy(from, kind) : from[kind];
  return new Map([...held].map((object) => [(object as { readonly id: string }).id, object]));
}

/** A registry keeps some kinds in maps, and an entity compiled. */
function heldBy(registry: Registry, kind: Exclude<keyof MetadataSource, 'app'>): Iterable<object> {
  if (kind === 'entities') return [...registry.entities.values()].map(({ meta }) => meta);
  const held: readonly object[] | ReadonlyMap<string, object> = registry[kind];
  return 'values' in held ? (held as ReadonlyMap<string, object>).values() : held;
}
