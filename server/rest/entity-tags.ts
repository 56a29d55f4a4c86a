// Versions as entity tags: ETag "7", If-Match and If-None-Match (RFC 9110, 8.8.3 and 13.1).
import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { problem } from '../problem.ts';

export const entityTag = (version: number): string => `"${version}"`;

/**
 * The tag of an answer that says more than the version does: what is summed up or included changes without it. Made of what
 * the caller sees, so that it tells nobody of anything else.
 */
export const contentTag = (version: number, text: string): string =>
  `"${version}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}"`;

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
  const [, version] = /^([1-9]\d{0,9})(?:-[0-9a-f]{16})?$/.exec(match[2] ?? '') ?? [];
  return match[1] === undefined && version !== undefined ? Number(version) : noVersion;
}

/** Whether the caller already has what this tag stands for (weak comparison). */
export function hasTag(ctx: Context, wanted: string): boolean {
  const header = ctx.get('If-None-Match').trim();
  if (header === '') return false;
  if (header === '*') return true;
  return header.split(',').some((part) => `"${tag.exec(part.trim())?.[2]}"` === wanted);
}
