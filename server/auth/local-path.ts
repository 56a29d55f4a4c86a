// Where a sign-on comes back to: a page of this site and of no other.

const longest = 2_000;
/** Stands in for this site; nothing is ever asked of it. */
const here = 'http://here.invalid';

/**
 * Path and query of a page here; undefined for anything that a browser could take for another site: `//host`, `/\host`,
 * and paths that become so once their dots are resolved (`/.//host`).
 */
export function localPath(text: string): string | undefined {
  if (text.length > longest || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(text) || !URL.canParse(text, here)) return undefined;
  const url = new URL(text, here);
  return url.origin === here && !url.pathname.startsWith('//') ? url.pathname + url.search : undefined;
}
