// Who is signed in: the access token in memory, the refresh token in an HttpOnly cookie, renewed silently.
import { useSyncExternalStore } from 'react';
import { basePath } from '../api/app-info.ts';
import { ApiProblem, readProblem } from '../api/problem.ts';

/** `mustEnrol`: signed in, but a role asks for a second factor that has to be set up first. */
export type SessionStatus = 'unknown' | 'signedOut' | 'mustEnrol' | 'signedIn';

interface TokenAnswer {
  readonly data: { readonly access_token: string; readonly expires_in: number; readonly second_factor_enrolment?: boolean };
}

/** Renew this long before the token expires, but never more often than every 10 s. */
const renewAheadMs = 30_000;
const shortestRenewMs = 10_000;

/** Says that this browser may hold a refresh cookie, which scripts cannot see. Holds no secret. */
const hintKey = 'formwork-signed-in';

let token: string | null = null;
let status: SessionStatus = 'unknown';
let timer: ReturnType<typeof setTimeout> | undefined;
let renewal: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

const became = (answer: TokenAnswer): void =>
  become(answer.data.second_factor_enrolment === true ? 'mustEnrol' : 'signedIn', answer);

function become(next: SessionStatus, answer?: TokenAnswer): void {
  clearTimeout(timer);
  token = answer?.data.access_token ?? null;
  if (answer !== undefined) {
    const wait = Math.max(answer.data.expires_in * 1000 - renewAheadMs, shortestRenewMs);
    timer = setTimeout(() => void renewSession(), wait);
  }
  status = next;
  if (answer === undefined) localStorage.removeItem(hintKey);
  else expectSession();
  for (const listener of listeners) listener();
}

const post = (path: string, body?: unknown): Promise<Response> =>
  fetch(`${basePath()}/auth/${path}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      Accept: 'application/json',
      'X-Formwork-Client': 'ui',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

export const accessToken = (): string | null => token;

/** The next look for a session finds one, as after a sign-on elsewhere. */
export const expectSession = (): void => localStorage.setItem(hintKey, '1');

/**
 * A request of sign-in, for whoever is not signed in yet.
 * @throws ApiProblem for every refusal, with code `network` when no answer came
 */
export async function ask(path: string, body: unknown): Promise<Response> {
  const response = await post(path, body).catch(() => {
    throw new ApiProblem(0, 'network', 'network');
  });
  if (!response.ok) throw await readProblem(response);
  return response;
}

/** @throws ApiProblem `invalid_credentials`, or `second_factor_required` with a `challenge` in its body */
export async function signIn(email: string, password: string): Promise<void> {
  became((await (await ask('login', { email, password })).json()) as TokenAnswer);
}

/**
 * @param challenge of the first step; undefined where the browser holds it in a cookie, after a sign-on elsewhere
 * @throws ApiProblem `invalid_code`, or `unauthenticated` when it took too long
 */
export async function signInWithCode(code: string, challenge: string | undefined): Promise<void> {
  const body = { code, ...(challenge === undefined ? {} : { challenge }) };
  became((await (await ask('login/second-factor', body)).json()) as TokenAnswer);
}

export async function signOut(): Promise<void> {
  await post('logout').catch(() => undefined);
  become('signedOut');
}

/** At the start of the page: without a session to take up, nothing is asked. */
export async function resumeSession(): Promise<void> {
  if (localStorage.getItem(hintKey) === null) become('signedOut');
  else await renewSession();
}

async function renewOnce(): Promise<boolean> {
  const response = await post('refresh').catch(() => null);
  if (response?.ok) {
    became((await response.json()) as TokenAnswer);
    return true;
  }
  // Offline is not signed out: the token in hand may still work when the line is back.
  if (response !== null || status === 'unknown') become('signedOut');
  return false;
}

/**
 * Exchanges the refresh cookie for a new access token; concurrent calls share one exchange. Tabs take turns, because a
 * refresh token works once and its second use would look like theft.
 * @returns whether somebody is signed in
 */
export function renewSession(): Promise<boolean> {
  renewal ??= (navigator.locks === undefined ? renewOnce() : navigator.locks.request('formwork-session', renewOnce)).finally(
    () => {
      renewal = null;
    },
  );
  return renewal;
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useSessionStatus = (): SessionStatus => useSyncExternalStore(subscribe, () => status);
