// Days as numbers, so that they can be added and compared, and the texts that records hold.
import type { Random } from './random.ts';

const dayMs = 86_400_000;

/** Days since 1970-01-01, UTC. */
export type Day = number;

export const dayOf = (text: string): Day => Math.floor(Date.parse(`${text}T00:00:00Z`) / dayMs);
/** YYYY-MM-DD */
export const dateText = (day: Day): string => new Date(day * dayMs).toISOString().slice(0, 10);
/** RFC 3339; `minute` of the day. */
export const timeText = (day: Day, minute: number): string => new Date(day * dayMs + minute * 60_000).toISOString();

/** A time of that day when people work. */
export const workTime = (random: Random, day: Day): string => timeText(day, 7 * 60 + random.int(0, 600));

/** The day itself, or the Monday after a weekend. */
export function workDay(day: Day): Day {
  // 1970-01-01 was a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday === 6 ? day + 2 : weekday === 0 ? day + 1 : day;
}

/** The same day some months later, or the last of that month. */
export function addMonths(day: Day, months: number): Day {
  const date = new Date(day * dayMs);
  const target = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
  const last = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  return Math.floor(target.getTime() / dayMs) + Math.min(date.getUTCDate(), last) - 1;
}
