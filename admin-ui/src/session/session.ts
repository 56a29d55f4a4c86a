// Who is signed in: the access token in memory, the refresh token in an HttpOnly cookie, renewed silently.
import { useSyncExternalStore } from 'react';
import { basePath } from '../api/app-info.ts';
import { ApiProblem, readProblem } from '../api/problem.ts';

export type SessionStatus = 'unknown' | 'signedOut' | 'signedIn';

interface TokenAnswer {
  readonly data: { readonly access_token: string; readonly expires_in: number };
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

function become(next: SessionStatus, answer?: TokenAnswer): void {
  clearTimeout(timer);
  token = answer?.data.access_token ?? null;
  if (answer !== undefined) {
    const wait = Math.max(answer.data.expires_in * 1000 - renewAheadMs, shortestRenewMs);
    timer = setTimeout(() => void renewSession(), wait);
  }
  status = next;
  if (next === 'signedIn') localStorage.setItem(hintKey, '1');
  else localStorage.removeItem(hintKey);
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

/** @throws ApiProblem `invalid_credentials`, or `network` when no answer came */
export async function signIn(email: string, password: string): Promise<void> {
  const response = await post('login', { email, password }).catch(() => {
    throw new ApiProblem(0, 'network', 'network');
  });
  if (!response.ok) throw await readProblem(response);
  become('signedIn', (await response.json()) as TokenAnswer);
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
    become('signedIn', (await response.json()) as TokenAnswer);
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
