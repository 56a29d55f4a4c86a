// The words of a query, read one by one: what is not understood becomes a finding at its place.
import { type Issue, problem } from '../problem.ts';

const maxTextLength = 4096;
/** Of `q`. */
export const maxSearchLength = 200;

/** @throws problem `invalid_query` when there is any finding */
export function refuse(issues: readonly Issue[]): void {
  if (issues.length > 0) throw problem('invalid_query', { errors: issues });
}

export function text(value: unknown, pointer: string, issues: Issue[], max = maxTextLength): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.length <= max && !value.includes('\0')) return value;
  const word = pointer.replace(/^[?/]/, '');
  issues.push({ pointer, code: 'text', detail: `"${word}" is a text of at most ${max} characters.` });
  return undefined;
}

export function json(given: string, pointer: string, issues: Issue[]): unknown {
  try {
    return JSON.parse(given);
  } catch {
    issues.push({ pointer, code: 'malformed_json', detail: `The ${pointer.replace(/^[?/]/, '')} is not valid JSON.` });
    return undefined;
  }
}

/** Digits as the number that they are; anything else as it is. */
export const numeral = (given: string): unknown => (/^\d{1,9}$/.test(given) ? Number(given) : given);

export function integer(value: unknown, min: number, max: number, fallback: number, pointer: string, issues: Issue[]): number {
  if (value === undefined) return fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  issues.push({ pointer, code: 'range', detail: `A whole number from ${min} to ${max} is needed.` });
  return fallback;
}

export function choice<T extends string>(
  value: unknown,
  options: readonly T[],
  fallback: T,
  pointer: string,
  issues: Issue[],
): T {
  if (value === undefined) return fallback;
  const known = options.find((option) => option === value);
  if (known === undefined) issues.push({ pointer, code: 'unknown_value', detail: `Give one of ${options.join(', ')}.` });
  return known ?? fallback;
}
