// Documents of GraphQL run for the matrix: names, values written down, and what became of each field at the root.
import type { AnswerBody } from '../support/requests.ts';
import type { Cell } from './cell.ts';
import type { Caller } from './people.ts';

type Outcome = number | 'unknown' | 'null';

export const pascal = (name: string): string => name.replace(/(^|_)(.)/g, (_all, _gap, letter: string) => letter.toUpperCase());
export const camel = (name: string): string => name.charAt(0) + pascal(name).slice(1);

/** A value as it is written in a document. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key}: ${literal(inner)}`)
    .join(', ')} }`;
}

interface Result {
  readonly data: AnswerBody | null;
  outcome(alias: string): Outcome;
}

export async function run(cell: Cell, document: string, who: Caller = cell.caller): Promise<Result> {
  const { body } = await cell.ask('POST', '/graphql', { body: { query: document } }, who);
  const errors = (body['errors'] ?? []) as unknown as { message: string; path?: string[]; extensions?: { status?: number } }[];
  const unknown = errors.some(
    ({ message }) => message.startsWith('Cannot query field') || message.startsWith('Unknown argument'),
  );
  const data = (body['data'] ?? null) as AnswerBody | null;
  const outcome = (alias: string): Outcome => {
    if (unknown) return 'unknown';
    const error = errors.find(({ path }) => path === undefined || path[0] === alias);
    return error === undefined ? (data?.[alias] ? 200 : 'null') : (error.extensions?.status ?? 500);
  };
  return { data, outcome };
}
