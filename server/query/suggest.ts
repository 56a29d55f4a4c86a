// "Did you mean": the nearest known name to one that is not known.
import { closest, distance } from 'fastest-levenshtein';

/** The nearest of `known` when it is near enough to be a slip of the pen, else undefined. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const candidates = [...known];
  if (candidates.length === 0 || name.length > 100) return undefined;
  const best = closest(name, candidates);
  return distance(name, best) <= Math.max(2, Math.floor(name.length / 3)) ? best : undefined;
}

/** ` Did you mean "stage"?` or nothing; to be appended to a sentence. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const best = nearest(name, known);
  return best === undefined ? '' : ` Did you mean "${best}"?`;
}
