// Speaks to a running program over HTTP, as the administrator.
import { watchedFetch } from '../support/watched-fetch.ts';

export const adminEmail = 'boss@example.com';
export const adminPassword = 'a password for tests';
export const adminVariables = { FORMWORK_ADMIN_EMAIL: adminEmail, FORMWORK_ADMIN_PASSWORD: adminPassword };

export interface Answer {
  readonly status: number;
  readonly body: AnswerBody;
}
/** Only looked into; what is read of it is compared or put into a text. */
export interface AnswerBody {
  readonly [key: string]: AnswerBody | undefined;
}

export interface Client {
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown, key?: string): Promise<Answer>;
}

/** @param base address with the base path of the application */
export async function signedIn(base: string, email = adminEmail, password = adminPassword): Promise<Client> {
  const { status, body } = await send('POST', `${base}/auth/login`, {}, { email, password });
  if (status !== 200) throw new Error(`Signing in failed: ${JSON.stringify(body)}`);
  const authorization = { Authorization: `Bearer ${body['data']?.['access_token']}` };
  return {
    get: (path) => send('GET', `${base}${path}`, authorization),
    post: (path, data, key = crypto.randomUUID()) =>
      send('POST', `${base}${path}`, { ...authorization, 'Idempotency-Key': key }, data),
  };
}

/** Without signing in. */
export async function send(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>> = {},
  body?: unknown,
): Promise<Answer> {
  const response = await watchedFetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, body: (isJson ? JSON.parse(text) : text) as AnswerBody };
}
