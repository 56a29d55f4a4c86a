// What a caller sent in a JSON body, held to the members that a route takes.
import type { Context } from 'koa';
import { readJson } from '../http/json-body.ts';
import { type Issue, problem } from '../problem.ts';

interface Kinds {
  readonly text: string;
  readonly texts: readonly string[];
}

export interface Member {
  readonly kind: keyof Kinds;
  readonly required?: true;
}

type Given<Members extends Readonly<Record<string, Member>>> = {
  readonly [Name in keyof Members]: Members[Name] extends { readonly required: true }
    ? Kinds[Members[Name]['kind']]
    : Kinds[Members[Name]['kind']] | undefined;
};

const longestText = 2_000;
const longestList = 100;

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= longestText;
const kinds: Readonly<Record<keyof Kinds, readonly [(value: unknown) => boolean, string]>> = {
  text: [isText, `Text of at most ${longestText} characters is needed.`],
  texts: [
    (value) => Array.isArray(value) && value.length <= longestList && value.every(isText),
    `A list of at most ${longestList} texts is needed.`,
  ],
};

/** Bytes; credentials are short. */
export const bodyLimit = 16 * 1024;

/**
 * The members of the request's body; null counts as absent.
 * @throws problem `validation_failed` with a pointer to each that is unknown, missing or of another kind, and those of `readJson`
 * @example (await readGiven(ctx, { code: { kind: 'text', required: true } })).code
 */
export async function readGiven<const Members extends Readonly<Record<string, Member>>>(
  ctx: Context,
  members: Members,
): Promise<Given<Members>> {
  const { value } = await readJson(ctx, { limit: bodyLimit });
  return givenIn(value, members);
}

function givenIn<const Members extends Readonly<Record<string, Member>>>(value: unknown, members: Members): Given<Members> {
  const body: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  const issues: Issue[] = Object.keys(body)
    .filter((name) => !Object.hasOwn(members, name))
    .map((name) => ({
      pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      code: 'unknown_field',
      detail: `Only ${Object.keys(members).join(', ')} are taken here.`,
    }));
  const given = Object.entries<Member>(members).map(([name, { kind, required }]) => {
    const found = Object.hasOwn(body, name) ? (body[name] ?? undefined) : undefined;
    const [fits, detail] = kinds[kind];
    if (found === undefined && required) issues.push({ pointer: `/${name}`, code: 'required', detail: 'A value is required.' });
    if (found !== undefined && !fits(found)) issues.push({ pointer: `/${name}`, code: 'type', detail });
    return [name, found] as const;
  });
  if (issues.length > 0) throw problem('validation_failed', { errors: issues });
  // Each member was held to its kind, which the compiler cannot follow through the entries.
  return Object.fromEntries(given) as Given<Members>;
}

/** One wrong member. */
export const wrong = (name: string, code: string, detail: string) =>
  problem('validation_failed', { errors: [{ pointer: `/${name}`, code, detail }] });
