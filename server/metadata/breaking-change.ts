// One thing that breaks for clients, or will: how it is told.
import { pointerOf } from './pointer.ts';
import type { Alias } from './registry.ts';

export interface Breaking {
  /** `deprecated`: the old name is understood until `until`; `breaking`: a client that relies on it fails at once. */
  readonly level: 'breaking' | 'deprecated';
  readonly code: string;
  /** RFC 6901: entities, then fields or relations, by the names that clients know from the older version. */
  readonly pointer: string;
  readonly sentence: string;
  /** RFC 3339. */
  readonly until?: string;
}

export const broken = (code: string, place: readonly string[], sentence: string): Breaking => ({
  level: 'breaking',
  code,
  pointer: pointerOf(...place),
  sentence,
});

/** A rename breaks nothing while an alias lives. */
export function renamed(code: string, place: readonly string[], was: string, until: number | undefined): Breaking {
  if (until === undefined) return broken(code, place, `${was}.`);
  if (until === Number.POSITIVE_INFINITY)
    return { ...broken(code, place, `${was}; the old name is still understood.`), level: 'deprecated' };
  const time = new Date(until).toISOString();
  return { ...broken(code, place, `${was}; the old name is understood until ${time}.`), level: 'deprecated', until: time };
}

/** Until when the name is understood as that one; undefined: it is not. */
export function aliasTo(aliases: ReadonlyMap<string, Alias>, name: string, current: string, now: number): number | undefined {
  const alias = aliases.get(name);
  return alias?.name === current && alias.until > now ? alias.until : undefined;
}
