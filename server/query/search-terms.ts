// The words that a search looks for.
import { fold } from '../matching/fold.ts';

/** The words of a search text, folded, each once, at most ten. */
export function searchTerms(text: string): readonly string[] {
  return [...new Set(fold(text).split(' ').filter(Boolean))].slice(0, 10);
}
