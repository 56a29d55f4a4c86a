// Roles may ask for a second factor (`system.requireSecondFactor`): a session without one may then only set one up.
import type { Actor } from '../repository/actor.ts';

export const secondFactorRight = 'requireSecondFactor';

/** An API key is not asked: whoever made it had passed. */
export const mustEnrol = (actor: Pick<Actor, 'system'>, session: { readonly secondFactor: boolean }): boolean =>
  !session.secondFactor && actor.system(secondFactorRight) === true;
