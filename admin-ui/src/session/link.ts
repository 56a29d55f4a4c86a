// The links of mails: which page of the door an address is, and the token that stands behind `#`.
import { useSyncExternalStore } from 'react';

export interface MailLink {
  readonly kind: 'invitation' | 'reset';
  readonly token: string;
}

const pages: Readonly<Record<string, MailLink['kind']>> = { '/invitation': 'invitation', '/reset-password': 'reset' };

let current = read();
const listeners = new Set<() => void>();

function read(): MailLink | undefined {
  const kind = Object.hasOwn(pages, location.pathname) ? pages[location.pathname] : undefined;
  return kind === undefined ? undefined : { kind, token: location.hash.slice(1) };
}

/** To the start page, with the link out of the address and the history. */
export function leaveLink(): void {
  history.replaceState(null, '', '/');
  current = undefined;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Undefined on every other page. */
export const useLink = (): MailLink | undefined => useSyncExternalStore(subscribe, () => current);
