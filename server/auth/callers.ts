// Who asks right now, by session or by key: read from the database at most every five seconds, so that a changed role acts within five.
import { refused, type Session } from './access-tokens.ts';
import { recently } from './recently.ts';
import type { AuthServices } from './services.ts';
import { type Sessions, sessions } from './sessions.ts';
import { type User, userOfSession } from './users.ts';

/** A user as one session has them. */
export interface Caller extends User {
  /** The session has passed a second factor. */
  readonly secondFactor: boolean;
}

export interface Callers {
  /** @throws problem `unauthenticated` when the account is gone or disabled, or the session was ended */
  current(session: Session): Promise<Caller>;
  /** The next request reads again: the session has changed on this node. */
  forget(session: Session): void;
  /** The same for all sessions of a user. */
  forgetUser(userId: string): void;
}

export function callers(
  services: Pick<AuthServices, 'knex' | 'registry'>,
  now: () => number = Date.now,
  known: Pick<Sessions, 'state'> = sessions(services),
): Callers {
  const read = async (session: Session): Promise<Caller | undefined> => {
    const [user, state] = await Promise.all([
      userOfSession(services.knex, services.registry.current(), session),
      known.state(session),
    ]);
    return user === undefined || state.ended ? undefined : { ...user, secondFactor: state.secondFactor };
  };
  const recent = recently(keyOf, read, now);

  return {
    async current(session) {
      const user = await recent.get(session);
      if (user === undefined) throw refused('unauthenticated');
      if (!user.active) throw refused('unauthenticated', 'This account is disabled.');
      return user;
    },
    forget: (session) => recent.forget((key) => key === keyOf(session)),
    forgetUser: (userId) => recent.forget((key) => key.startsWith(`${userId} `)),
  };
}

const keyOf = (session: Session): string => `${session.userId} ${session.sessionId}`;
