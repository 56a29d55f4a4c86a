// Requests to an application under test, as any client sends them, and their answers taken apart.
import { randomUUID } from 'node:crypto';
import { watchedFetch } from './watched-fetch.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, else the text. */
  readonly body: AnswerBody;
}
export type AnswerBody = { readonly [key: string]: AnswerBody } & readonly AnswerBody[] & string & number;

export interface RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Access token; the administrator's when absent, none for null. */
  readonly token?: string | null;
}

export interface Requester {
  /** `path` is below the base path unless it begins with `//` (then from the root). Writes get an Idempotency-Key. */
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
}

/** @param token of whoever asks when a request does not say otherwise */
export function requester(root: string, basePath: string, token: () => Promise<string>): Requester {
  return {
    request: async (method, path, given = {}) => {
      const url = path.startsWith('//') ? `${root}${path.slice(1)}` : `${root}${basePath}${path}`;
      const bearer: Record<string, string> =
        given.token === null ? {} : { Authorization: `Bearer ${given.token ?? (await token())}` };
      return send(method, url, given, bearer);
    },
  };
}

/** @returns an access token */
export async function signIn(base: string, email: string, password: string): Promise<string> {
  const response = await watchedFetch(`${base}/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const body = (await response.json()) as { data?: { access_token?: string } };
  if (body.data?.access_token === undefined) throw new Error(`Signing in failed: ${JSON.stringify(body)}`);
  return body.data.access_token;
}

async function send(
  method: string,
  url: string,
  given: RequestOptions,
  bearer: Readonly<Record<string, string>>,
): Promise<Answer> {
  const writes = !['GET', 'HEAD', 'OPTIONS'].includes(method);
  const response = await watchedFetch(url, {
    method,
    headers: {
      ...bearer,
      ...(writes ? { 'Idempotency-Key': randomUUID() } : {}),
      ...(given.body === undefined || typeof given.body === 'string' ? {} : { 'Content-Type': 'application/json' }),
      ...given.headers,
    },
    ...(given.body === undefined ? {} : { body: typeof given.body === 'string' ? given.body : JSON.stringify(given.body) }),
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: (isJson && text !== '' ? JSON.parse(text) : text) as AnswerBody,
  };
}
