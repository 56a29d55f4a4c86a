// The way back from signing on elsewhere: how it went stands behind `#sign-on=` in the address, once.
import { basePath } from '../api/app-info.ts';
import { expectSession } from './session.ts';

export type Outcome = 'second-factor' | 'unknown' | 'cancelled' | 'failed';

/** As GET auth/providers tells it. */
export interface Providers {
  readonly password_reset: boolean;
  readonly providers: readonly { readonly id: string; readonly name: string; readonly start: string }[];
}

let outcome: Outcome | undefined;

/** Before anything is drawn: notes how it went and takes it out of the address. */
export function takeOutcome(): void {
  const found = /^#sign-on=([a-z-]+)$/.exec(location.hash)?.[1];
  if (found === undefined) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  if (found === 'done') expectSession();
  else outcome = found === 'second-factor' || found === 'unknown' || found === 'cancelled' ? found : 'failed';
}

export const signOnOutcome = (): Outcome | undefined => outcome;

/** What the door offers besides a password; nothing when the server does not say. */
export async function loadProviders(): Promise<Providers> {
  const response = await fetch(`${basePath()}/auth/providers`).catch(() => null);
  if (response?.ok !== true) return { password_reset: false, providers: [] };
  return ((await response.json()) as { readonly data: Providers }).data;
}

/** Where to send the browser, to come back to the page that it is on. */
export const startOf = (start: string): string => `${start}?return=${encodeURIComponent(location.pathname + location.search)}`;
