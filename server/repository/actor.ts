// Who asks, and what the repository lets them do; auth/ builds actors, the repository only reads them.
import type { Grant, Registry } from '../metadata/registry.ts';
import type { AccessLevel, Right } from '../metadata/types.ts';

/** Whom `team` means: records of these people, and records of these teams. Ids. */
export interface Reach {
  readonly users: readonly string[];
  readonly teams: readonly string[];
  /**
   * Entities of which records are shared with the actor, as the shares name them: only there the shares are looked into, so
   * that an index on the owner serves everybody else. Absent: not known.
   */
  readonly shared?: readonly string[];
}

export interface Actor {
  /** User id; the nil uuid for the system itself. */
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly string[];
  readonly language: string;
  readonly reach: Reach;
  /** The farthest that this actor may go on records of `entity` (plural name); `grants` tells on which. */
  access(entity: string, right: Right): AccessLevel;
  /** Each role's word on it; together they grant the union of their rows. */
  grants(entity: string, right: Right): readonly Grant[];
  /** The registry without what is closed to this actor: everything that they name or are shown goes by it. */
  sees(registry: Registry): Registry;
  /** The same as long as the rights are: a digest of what the roles say, and of whom `own` and `team` mean. */
  readonly mark: string;
  /** How many records of the entity one export may hold; undefined: any number. */
  exportLimit(entity: string): number | undefined;
  /** Rights beyond records, by name (`metadata.write`): not at all, wholly, or as far as a word says (`custom`). */
  system(right: string): SystemGrant;
  /** Whether a feature is on for this actor, by the name of its flag. Entities and operations that are off are closed already. */
  isOn(feature: string): boolean;
  /** The same actor with every feature on, to judge what is theirs to give away; absent: all are on. */
  readonly unswitched?: Actor;
}

export type SystemGrant = boolean | string;

export const systemActorId = '00000000-0000-0000-0000-000000000000';

const everything: readonly Grant[] = [{ role: 'system', entry: '*', level: 'all', fields: {} }];

/** Rights without limits; for the engine, and for tests of what has nothing to do with rights. */
export const unlimited: Pick<Actor, 'reach' | 'mark' | 'access' | 'grants' | 'exportLimit' | 'sees' | 'system' | 'isOn'> = {
  reach: { users: [], teams: [], shared: [] },
  mark: 'unlimited',
  access: () => 'all',
  grants: () => everything,
  exportLimit: () => undefined,
  sees: (registry) => registry,
  system: () => true,
  isOn: () => true,
};

/** The engine itself: migrations of data, first admin, workflows that run as `system`. */
export const systemActor: Actor = {
  id: systemActorId,
  name: 'System',
  email: null,
  roles: [],
  language: 'en',
  ...unlimited,
};

/** The user id that goes into created_by and the audit log; null for the system, which is no user. */
export const authorOf = (actor: Actor): string | null => (actor.id === systemActorId ? null : actor.id);
