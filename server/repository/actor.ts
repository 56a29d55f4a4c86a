// Who asks, and what the repository lets them do; auth/ builds actors, the repository only reads them.
import type { AccessLevel, Operation } from '../metadata/types.ts';

export interface Actor {
  /** User id; the nil uuid for the system itself. */
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly string[];
  readonly language: string;
  /** How far this actor may do `operation` on records of `entity` (plural name). */
  access(entity: string, operation: Operation): AccessLevel;
  /** Rights beyond records, by name (`metadata.write`): not at all, wholly, or as far as a word says (`custom`). */
  system(right: string): SystemGrant;
}

export type SystemGrant = boolean | string;

export const systemActorId = '00000000-0000-0000-0000-000000000000';

/** The engine itself: migrations of data, first admin, workflows that run as `system`. */
export const systemActor: Actor = {
  id: systemActorId,
  name: 'System',
  email: null,
  roles: [],
  language: 'en',
  access: () => 'all',
  system: () => true,
};

/** The user id that goes into created_by and the audit log; null for the system, which is no user. */
export const authorOf = (actor: Actor): string | null => (actor.id === systemActorId ? null : actor.id);
