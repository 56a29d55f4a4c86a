// People for tests of sign-in: users made by the administrator, and their sessions.
import { randomUUID } from 'node:crypto';
import type { Answer, RequestOptions, TestApp } from '../../support/app.ts';

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  /** Signs in anew. */
  login(more?: object, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** An access token of a new session. */
  token(): Promise<string>;
}

export const password = 'long enough for all';

/** A user with these roles and a password. */
export async function newPerson(app: TestApp, roles: readonly string[] = [], more: object = {}): Promise<Person> {
  const email = `${randomUUID()}@example.com`;
  const body = { first_name: 'Ada', last_name: 'Lovelace', email, password, roles, ...more };
  const made = await app.request('POST', '/users', { body });
  if (made.status !== 201) throw new Error(`No user was made: ${JSON.stringify(made.body)}`);
  const login: Person['login'] = (extra = {}, headers = {}) =>
    post(app, '/auth/login', { email, password, ...extra }, { headers });
  return {
    id: String(made.body['data']?.['id']),
    email,
    password,
    login,
    token: async () => tokenIn(await login()),
  };
}

/** Without anybody being signed in, unless a token is given. */
export const post = (app: TestApp, path: string, body?: unknown, options: RequestOptions = {}): Promise<Answer> =>
  app.request('POST', path, { token: null, ...(body === undefined ? {} : { body }), ...options });

export const tokenIn = (answer: Answer, name = 'access_token'): string => String(answer.body['data']?.[name]);
export const pointersIn = (answer: Answer): readonly string[] =>
  ((answer.body['errors'] ?? []) as never as { pointer: string }[]).map(({ pointer }) => pointer);
/** Status and code of a refusal. */
export const refusalOf = (answer: Answer): readonly unknown[] => [answer.status, answer.body['code']];

/** The value of a cookie that an answer sets. */
export function cookieIn(answer: Pick<Answer, 'headers'>, name: string): string | undefined {
  const found = answer.headers.getSetCookie().find((cookie) => cookie.startsWith(`${name}=`));
  return found?.slice(name.length + 1).split(';')[0];
}
