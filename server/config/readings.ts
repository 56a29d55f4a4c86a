// What a setting is, and the readings that several of them share.
import { resolve } from 'node:path';

export interface Setting<T> {
  readonly variable: string;
  readonly description: string;
  /** What may be written, for the error message and the documentation. */
  readonly allowed: string;
  /** The text used when the variable is not set; absent: the setting is then undefined. */
  readonly default?: () => string;
  /** Never printed; may also be given as the path of a file in `<variable>_FILE`. */
  readonly secret?: boolean;
  /** The value of the text, or undefined when it is not allowed. */
  readonly read: (text: string) => T | undefined;
}

/** A setting that has a default, so its value is always there. */
export type Certain<T> = Setting<T> & { readonly default: () => string };

export type Reading<T> = Pick<Setting<T>, 'allowed' | 'secret' | 'read'>;

export function certain<T>(
  variable: string,
  fallback: string | (() => string),
  description: string,
  reading: Reading<T>,
): Certain<T> {
  return { variable, description, ...reading, default: typeof fallback === 'string' ? () => fallback : fallback };
}

export function optional<T>(variable: string, description: string, reading: Reading<T>): Setting<T> {
  return { variable, description, ...reading };
}

export function wholeNumber(least: number, most: number): Reading<number> {
  const inside = (value: number) => value >= least && value <= most;
  return {
    allowed: `a whole number from ${least} to ${most}`,
    read: (text) => (/^\d{1,10}$/.test(text) && inside(Number(text)) ? Number(text) : undefined),
  };
}

export function words(): Reading<string> {
  return { allowed: 'text of 1 to 200 characters', read: (text) => (text !== '' && text.length <= 200 ? text : undefined) };
}

/** Tokens of an issuer that anybody on the way could pretend to be are worth nothing: http is for tests and trials on one machine. */
export function isIssuer(text: string): boolean {
  if (!URL.canParse(text) || /[?#]/.test(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}

export function folder(): Reading<string> {
  return { allowed: 'the path of a folder', read: (text) => (text.includes('\0') ? undefined : resolve(text)) };
}

export function protocolOf(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).protocol : undefined;
}
