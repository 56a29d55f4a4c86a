// What a caller may send to the metadata API, held to what is known: query parameters and the members of a body.
import { didYouMean } from '../conditions/did-you-mean.ts';
import { isObject, type JsonObject } from '../metadata/pointer.ts';
import { type Issue, problem } from '../problem.ts';

/**
 * Query parameters by name.
 * @throws problems `unknown_parameter`, `invalid_query` for one given twice
 */
export function queryOf<Name extends string>(text: string, known: readonly Name[]): Readonly<Partial<Record<Name, string>>> {
  const found: Partial<Record<Name, string>> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const word = known.find((candidate) => candidate === name);
    if (word === undefined) {
      const detail = `There is no parameter "${name}" here.${didYouMean(name, known)}`;
      throw problem('unknown_parameter', { detail, errors: [{ pointer: `?${name}`, code: 'unknown_parameter', detail }] });
    }
    if (found[word] !== undefined) throw invalidQuery(word, 'repeated', `"${word}" is given twice.`);
    found[word] = value;
  }
  return found;
}

/** The problem of one parameter. */
export function invalidQuery(name: string, code: string, detail: string) {
  return problem('invalid_query', { detail, errors: [{ pointer: `?${name}`, code, detail }] });
}

/** @throws problem `invalid_query` unless the text is a whole number in the range; undefined where it is absent */
export function numberIn(name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw invalidQuery(name, 'range', `"${name}" is a whole number from ${min} to ${max}.`);
}

type Kind = 'list' | 'version' | 'text';
const longestText = 2000;
const kinds: Readonly<Record<Kind, readonly [(value: unknown) => boolean, string]>> = {
  list: [(value) => Array.isArray(value), 'A list is needed.'],
  version: [
    (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 2 ** 31 - 1,
    'The number of a version is needed.',
  ],
  text: [
    (value) => typeof value === 'string' && value.length <= longestText,
    `Text of at most ${longestText} characters is needed.`,
  ],
};

export interface Member {
  readonly kind: Kind;
  readonly required?: true;
}

/**
 * The members of a body.
 * @throws problem `validation_failed` with a pointer to each that is unknown, missing or of another kind
 */
export function bodyOf(value: unknown, members: Readonly<Record<string, Member>>): JsonObject {
  if (!isObject(value)) throw invalid([{ pointer: '', code: 'type', detail: 'A JSON object is needed.' }]);
  const issues: Issue[] = Object.keys(value)
    .filter((name) => !Object.hasOwn(members, name))
    .map((name) => ({
      pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      code: 'unknown_field',
      detail: `There is no "${name}" here.${didYouMean(name, Object.keys(members))}`,
    }));
  for (const [name, { kind, required }] of Object.entries(members)) {
    const given = Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined;
    const [fits, detail] = kinds[kind];
    if (given === undefined) {
      if (required) issues.push({ pointer: `/${name}`, code: 'required', detail: 'A value is required.' });
    } else if (!fits(given)) issues.push({ pointer: `/${name}`, code: 'type', detail });
  }
  if (issues.length > 0) throw invalid(issues);
  return value;
}

const invalid = (errors: readonly Issue[]) => problem('validation_failed', { errors });
