// Versions as entity tags: ETag "7", If-Match and If-None-Match (RFC 9110, 8.8.3 and 13.1).
import type { Context } from 'koa';
import { problem } from '../problem.ts';

export const entityTag = (version: number): string => `"${version}"`;

const tag = /^(W\/)?"([\x21\x23-\x7e]*)"$/;
/** No record has it: what a tag stands for that is not one of ours. */
const noVersion = 0;

/**
 * The version that the caller wants to change; undefined without If-Match and for `*` (any version).
 * @throws problem `bad_request` for anything but one tag
 */
export function ifMatch(ctx: Context): number | undefined {
  const header = ctx.get('If-Match').trim();
  if (header === '' || header === '*') return undefined;
  const match = tag.exec(header);
  if (match === null) throw problem('bad_request', { detail: 'If-Match takes one entity tag, like "7", or *.' });
  // If-Match compares strongly: a weak tag never matches.
  return match[1] === undefined && /^[1-9]\d{0,9}$/.test(match[2] ?? '') ? Number(match[2]) : noVersion;
}

/** Whether the caller already has what this tag, without its quotes, stands for (weak comparison). */
export function hasTag(ctx: Context, opaque: string): boolean {
  const header = ctx.get('If-None-Match').trim();
  if (header === '') return false;
  if (header === '*') return true;
  return header.split(',').some((part) => tag.exec(part.trim())?.[2] === opaque);
}
