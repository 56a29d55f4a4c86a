// One request to the API: adds the token, the language and the Idempotency-Key, renews the token once, throws problems.
import i18next from 'i18next';
import { noteServedVersion } from '../metadata/served-version.ts';
import { accessToken, renewSession } from '../session/session.ts';
import { basePath } from './app-info.ts';
import { ApiProblem, readProblem } from './problem.ts';
import { requestKey } from './request-key.ts';

export interface RequestOptions {
  readonly query?: URLSearchParams;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * @param path below the base path, with a leading slash
 * @returns the parsed JSON body, or undefined for an empty one
 * @throws ApiProblem for every refusal, and with code `network` when no answer came
 */
export async function request<T>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  options: RequestOptions = {},
): Promise<T> {
  const search = options.query === undefined || options.query.size === 0 ? '' : `?${options.query}`;
  // One key however often it is sent.
  const key = method === 'GET' ? undefined : requestKey();
  const send = (): Promise<Response> =>
    reach(`${path}${search}`, {
      method,
      headers: {
        ...senderHeaders(),
        ...(options.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(key === undefined ? {} : { 'Idempotency-Key': key }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  const response = await answerTo(send);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Who asks, in which language, with the token of now. */
export function senderHeaders(): Readonly<Record<string, string>> {
  const token = accessToken();
  return {
    Accept: 'application/json',
    'Accept-Language': i18next.language,
    'X-Formwork-Client': 'ui',
    ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
  };
}

/** @throws ApiProblem with code `network` when no answer came; what was stopped throws as it does */
export async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${basePath()}${path}`, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiProblem(0, 'network', i18next.t('error.network'));
  }
}

/** Sends again with a new token where the old one has run out. @throws ApiProblem for every refusal */
export async function answerTo(send: () => Promise<Response>): Promise<Response> {
  let response = await send();
  if (response.status === 401 && (await renewSession())) response = await send();
  noteServedVersion(response.headers.get('X-Metadata-Version'));
  if (!response.ok) throw await readProblem(response);
  return response;
}
