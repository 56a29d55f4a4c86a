// `fetch` for the tests: what any answer must never hold is looked for in every one, whoever asked and wherever it came from.

/** Looks at the requests to one application. It throws where an answer holds what it must not. */
export interface Watch {
  /** Before the request is sent. @param authorization the header, '' without one */
  before(authorization: string): Promise<void>;
  /** @param request method, path and body, in which what the caller sent may be told back to them */
  after(authorization: string, request: string, answer: WatchedAnswer): Promise<void>;
}

export interface WatchedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

const watches = new Map<string, Watch>();

/** Every answer from this address is looked through. @returns takes the watch away again */
export function watchOver(url: string, watch: Watch): () => void {
  const { origin } = new URL(url);
  watches.set(origin, watch);
  return () => watches.delete(origin);
}

/** What a password's hash looks like in the encoding of Argon2, which no answer of any program shows. */
const passwordHash = /\$argon2(id|i|d)\$/;

export async function watchedFetch(url: string, init: RequestInit = {}): Promise<Response> {
  const { origin, pathname, search } = new URL(url);
  const watch = watches.get(origin);
  const headers = new Headers(init.headers);
  const authorization = headers.get('authorization') ?? (headers.has('x-api-key') ? `Bearer ${headers.get('x-api-key')}` : '');
  await watch?.before(authorization);
  const response = await fetch(url, init);
  const answer = { status: response.status, headers: response.headers, body: await response.clone().text() };
  const request = `${init.method ?? 'GET'} ${pathname}${search}`;
  if (passwordHash.test(answer.body)) throw new Error(`The answer to ${request} holds the hash of a password.`);
  await watch?.after(authorization, `${request} ${typeof init.body === 'string' ? init.body : ''}`, answer);
  return response;
}
