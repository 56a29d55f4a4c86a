// "Did you mean": the nearest known name to one that is not known.
import { closest, distance } from 'fastest-levenshtein';

/**
 * The nearest known name as a sentence with a space before it, or nothing when none is near enough to be a slip of the pen.
 * @example didYouMean('stag', ['stage', 'amount']) // ' Did you mean "stage"?'
 */
export function didYouMean(name: string, known: Iterable<string>): string {
  const candidates = [...known];
  if (candidates.length === 0 || name.length > 100) return '';
  const best = closest(name, candidates);
  return distance(name, best) <= Math.max(2, Math.floor(name.length / 3)) ? ` Did you mean "${best}"?` : '';
}
