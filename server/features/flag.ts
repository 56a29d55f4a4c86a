// What one flag says of somebody: pure, from its record alone.
import { StandardResolutionReasons } from '@openfeature/core';
import { bucketOf } from './bucket.ts';

/** A record of the platform's feature flags, with its targets. */
export interface Flag {
  /** Of the feature; while an entity is being renamed, by its name before or after. */
  readonly name: string;
  /** Of its record: percentages are drawn with it, so that another name takes nobody out. */
  readonly id: string;
  readonly enabled: boolean;
  /** Only for these; none: for all. */
  readonly roles: readonly string[];
  /** Of those that the roles leave, 0 … 100; null: all. */
  readonly percentage: number | null;
  /** Ids of those who have it in any case. */
  readonly users: readonly string[];
  readonly teams: readonly string[];
}

/** As OpenFeature's evaluation context tells of somebody. */
export interface Subject {
  readonly targetingKey?: string | undefined;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
}

export interface Decision {
  readonly value: boolean;
  readonly reason: (typeof StandardResolutionReasons)['STATIC' | 'DEFAULT' | 'DISABLED' | 'TARGETING_MATCH' | 'SPLIT'];
}

const { STATIC, DEFAULT, DISABLED, TARGETING_MATCH, SPLIT } = StandardResolutionReasons;

/** Whether it says the same of everybody. */
export const isForAll = ({ enabled, roles, percentage, users, teams }: Flag): boolean =>
  !enabled || (roles.length === 0 && percentage === null && users.length === 0 && teams.length === 0);

/**
 * Off is off for all. Users and teams have it in any case; then come the roles, and of whom they leave the percentage. Where
 * only users and teams are named, it is theirs alone.
 * @returns undefined where it takes a targeting key to tell, and there is none
 */
export function decide(flag: Flag, { targetingKey, roles, teams }: Subject): Decision | undefined {
  const { percentage } = flag;
  if (!flag.enabled) return { value: false, reason: DISABLED };
  if (isForAll(flag)) return { value: true, reason: STATIC };
  const named = (targetingKey !== undefined && flag.users.includes(targetingKey)) || flag.teams.some((id) => teams.includes(id));
  if (named) return { value: true, reason: TARGETING_MATCH };
  if (flag.roles.length === 0 && percentage === null) return { value: false, reason: DEFAULT };
  if (flag.roles.length > 0 && !flag.roles.some((role) => roles.includes(role))) return { value: false, reason: DEFAULT };
  if (percentage === null) return { value: true, reason: TARGETING_MATCH };
  if (targetingKey === undefined) return undefined;
  return { value: bucketOf(flag.id, targetingKey) < percentage, reason: SPLIT };
}
