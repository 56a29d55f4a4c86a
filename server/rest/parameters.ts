// Query parameters of endpoints that take only a few.
import type { Context } from 'koa';
import { didYouMean } from '../conditions/did-you-mean.ts';
import { type Issue, problem } from '../problem.ts';

/**
 * The parameters by name.
 * @throws problems `unknown_parameter` with the nearest known name, `invalid_query` for one given twice or with a NUL
 */
export function parametersOf<Name extends string>(ctx: Context, known: readonly Name[]): Readonly<Partial<Record<Name, string>>> {
  const found: Partial<Record<Name, string>> = {};
  for (const [name, value] of new URLSearchParams(ctx.querystring)) {
    const word = known.find((candidate) => candidate === name);
    if (word === undefined) {
      const issue = unknownParameter(name, known);
      throw problem('unknown_parameter', { detail: issue.detail, errors: [issue] });
    }
    if (found[word] !== undefined) throw invalid(word, 'repeated', `"${word}" is given twice.`);
    if (value.includes('\0')) throw invalid(word, 'text', `"${word}" holds a NUL character.`);
    found[word] = value;
  }
  return found;
}

export const unknownParameter = (name: string, known: readonly string[]): Issue => ({
  pointer: `?${name}`,
  code: 'unknown_parameter',
  detail: `There is no parameter "${name}" here.${didYouMean(name, known)}`,
});

/** @throws problem `invalid_query` unless the text is `true`, `false` or absent */
export function flag(name: string, text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw invalid(name, 'boolean', `"${name}" is true or false.`);
}

/** @throws problem `invalid_query` unless the text is a whole number in the range or absent */
export function wholeNumber(name: string, text: string | undefined, range: { min: number; max: number; absent: number }): number {
  if (text === undefined) return range.absent;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= range.min && value <= range.max) return value;
  throw invalid(name, 'range', `"${name}" is a whole number from ${range.min} to ${range.max}.`);
}

/** The problem of one parameter. */
export function invalid(name: string, code: string, detail: string) {
  const errors: readonly Issue[] = [{ pointer: `?${name}`, code, detail }];
  return problem('invalid_query', { detail, errors });
}
