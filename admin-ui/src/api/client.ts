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
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'Accept-Language': i18next.language,
    'X-Formwork-Client': 'ui',
    ...(options.body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(method === 'GET' ? {} : { 'Idempotency-Key': requestKey() }),
    ...options.headers,
  };
  const send = async (): Promise<Response> => {
    const token = accessToken();
    try {
      return await fetch(`${basePath()}${path}${search}`, {
        method,
        headers: token === null ? headers : { ...headers, Authorization: `Bearer ${token}` },
        credentials: 'same-origin',
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new ApiProblem(0, 'network', i18next.t('error.network'));
    }
  };
  let response = await send();
  if (response.status === 401 && (await renewSession())) response = await send();
  noteServedVersion(response.headers.get('X-Metadata-Version'));
  if (!response.ok) throw await readProblem(response);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
