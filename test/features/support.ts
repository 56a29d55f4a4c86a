// Flags as an administrator sets them over the API, and people who meet them.

import type { Answer, TestApp } from '../support/app.ts';
import { signIn } from '../support/requests.ts';

const password = 'long enough for all';

export interface Person {
  readonly id: string;
  readonly token: string;
}

export interface Flags {
  /** Makes the flag, or changes it; answers when the node of the application has heard of it. */
  set(name: string, values: object): Promise<string>;
  /** Named for the flag in any case. */
  target(flag: string, target: { readonly user_id: string } | { readonly team_id: string }): Promise<string>;
  /** No flag any more, so that everything is on. */
  clear(): Promise<void>;
}

export function flagsOf(app: TestApp): Flags {
  const ids = new Map<string, string>();
  const written = async (answer: Answer): Promise<string> => {
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
    return String(answer.body['data']?.['id']);
  };
  return {
    set: async (name, values) => {
      const id = ids.get(name);
      if (id !== undefined) return written(await app.request('PATCH', `/feature_flags/${id}`, { body: values }));
      const made = await written(await app.request('POST', '/feature_flags', { body: { name, ...values } }));
      ids.set(name, made);
      return made;
    },
    target: async (flag, target) =>
      written(await app.request('POST', '/feature_flag_targets', { body: { flag_id: flag, ...target } })),
    clear: async () => {
      for (const id of ids.values()) await app.request('DELETE', `/feature_flags/${id}`);
      ids.clear();
    },
  };
}

/** Somebody with a role, signed in. */
export async function person(app: TestApp, name: string, role: string): Promise<Person> {
  const email = `${name}@flags.example`;
  const input = { email, first_name: name, last_name: role, roles: [role], password };
  const { id } = await app.repository.create(app.context(), 'users', input);
  return { id, token: await signIn(app.base, email, password) };
}

/** What a caller is told, without the number of the request; the entity's name as if it were another of the same length. */
export function told({ status, headers, body }: Answer, ...names: readonly (readonly [string, string])[]): string {
  const { requestId: _, ...rest } = typeof body === 'object' ? (body as { requestId?: string }) : { text: body };
  const text = JSON.stringify([status, headers.get('content-type'), headers.get('allow'), rest]);
  return names.reduce((result, [name, other]) => result.replaceAll(name, other), text);
}

/** Asks again until it is so; the last answer where it never is. */
export async function eventually<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean, withinMs = 5_000): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isSo(answer) || performance.now() > end) return answer;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
