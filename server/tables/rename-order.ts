// The order in which things can be renamed so that no new name is still taken, even where two swap their names.
import { maxNameLength, shortHash } from './names.ts';

export interface Rename {
  readonly from: string;
  readonly to: string;
}

/** Renames in an order that works one after the other; a cycle is broken through a name that nobody has. */
export function orderRenames<T extends Rename>(renames: readonly T[]): readonly T[] {
  const ordered: T[] = [];
  let waiting = [...renames];
  while (waiting.length > 0) {
    const taken = new Set(waiting.map((rename) => rename.from));
    const free = waiting.filter((rename) => !taken.has(rename.to));
    ordered.push(...free);
    waiting = waiting.filter((rename) => taken.has(rename.to));
    const [first, ...rest] = waiting;
    if (free.length === 0 && first !== undefined) {
      const tail = `__moving_${shortHash(first.from)}`;
      const aside = first.from.slice(0, maxNameLength - tail.length) + tail;
      ordered.push({ ...first, to: aside });
      waiting = [...rest, { ...first, from: aside }];
    }
  }
  return ordered;
}
