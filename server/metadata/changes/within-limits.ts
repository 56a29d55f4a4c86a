// Is this plain JSON of a size that metadata have? Asked before anything else looks at the changes, without recursion.
import type { Issue } from '../../problem.ts';
import { step } from '../pointer.ts';

export const mostChanges = 100;
const deepest = 64;
const longestList = 1000;
const mostMembers = 2000;

/** PostgreSQL stores neither in text nor in JSON. */
const isUnstorable = (text: string): boolean => text.includes('\0') || /\p{Cs}/u.test(text);

/** The first thing that is too much or cannot be stored, or nothing. */
export function beyondLimits(changes: unknown): Issue | undefined {
  const waiting: (readonly [value: unknown, pointer: string, depth: number])[] = [[changes, '/changes', 0]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [value, pointer, depth] = next;
    const detail = objection(value, depth);
    if (detail !== undefined) return { pointer, code: 'limit', detail };
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value).reverse()) {
      if (isUnstorable(key)) return { pointer, code: 'text', detail: 'A key contains a character that cannot be stored.' };
      waiting.push([inner, step(pointer, key), depth + 1]);
    }
  }
  return undefined;
}

function objection(value: unknown, depth: number): string | undefined {
  if (depth > deepest) return `Nested deeper than ${deepest} levels.`;
  if (typeof value === 'string') return isUnstorable(value) ? 'The text contains a character that cannot be stored.' : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'The number is too large.';
  if (Array.isArray(value)) return value.length > longestList ? `The list has more than ${longestList} items.` : undefined;
  if (typeof value !== 'object' || value === null)
    return value === null || value === undefined || typeof value === 'boolean' ? undefined : 'This is no JSON.';
  return Object.keys(value).length > mostMembers ? `The object has more than ${mostMembers} members.` : undefined;
}
