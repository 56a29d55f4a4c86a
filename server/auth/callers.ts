// Who a session is right now: read from the database at most every five seconds, so that a changed role acts within five.
import { refused, type Session } from './access-tokens.ts';
import type { AuthServices } from './services.ts';
import { type User, userOfSession } from './users.ts';

const keptMs = 5_000;
const sweepAbove = 5_000;

export interface Callers {
  /** @throws problem `unauthenticated` when the account is gone or disabled, or the session was ended */
  current(session: Session): Promise<User>;
  /** The next request reads again: the session was ended on this node. */
  forget(session: Session): void;
}

export function callers(services: AuthServices, now: () => number = Date.now): Callers {
  const known = new Map<string, { readonly at: number; readonly user: Promise<User | undefined> }>();

  function read(session: Session): Promise<User | undefined> {
    const key = keyOf(session);
    const found = known.get(key);
    if (found !== undefined && now() - found.at < keptMs) return found.user;
    if (known.size >= sweepAbove) for (const [other, entry] of known) if (now() - entry.at >= keptMs) known.delete(other);
    const user = userOfSession(services.knex, services.registry.current(), session);
    const entry = { at: now(), user };
    known.set(key, entry);
    user.catch(() => {
      if (known.get(key) === entry) known.delete(key);
    });
    return user;
  }

  return {
    async current(session) {
      const user = await read(session);
      if (user === undefined) throw refused('unauthenticated');
      if (!user.active) throw refused('unauthenticated', 'This account is disabled.');
      return user;
    },
    forget: (session) => {
      known.delete(keyOf(session));
    },
  };
}

const keyOf = (session: Session): string => `${session.userId} ${session.sessionId}`;
