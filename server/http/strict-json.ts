// JSON from outside, read strictly: bounded depth, no key twice, no __proto__.
import { problem } from '../problem.ts';

export const maxJsonDepth = 64;

/**
 * Parses JSON text.
 * @throws problem `malformed_json` for bad syntax, nesting over `maxJsonDepth`, a key that an object names twice
 *   (RFC 8259, 4: behaviour is then unpredictable) and the key `__proto__`
 */
export function parseStrictJson(text: string): unknown {
  const members = scan(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw problem('malformed_json', { detail: syntaxDetail(error), cause: error });
  }
  // In valid JSON each colon outside of strings is one member; fewer keys in the value mean that one was named twice.
  if (countKeys(value) !== members) throw problem('malformed_json', { detail: 'An object names the same key twice.' });
  return value;
}

/** Checks the depth before anything recursive sees the text; returns the number of colons outside of strings. */
function scan(text: string): number {
  let depth = 0;
  let colons = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (inString) {
      if (char === 0x5c) at++;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x7b || char === 0x5b) {
      depth += 1;
      if (depth > maxJsonDepth) throw problem('malformed_json', { detail: `Nested deeper than ${maxJsonDepth} levels.` });
    } else if (char === 0x7d || char === 0x5d) depth -= 1;
    else if (char === 0x3a) colons += 1;
  }
  return colons;
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countKeys(item), 0);
  if (Object.hasOwn(value, '__proto__')) throw problem('malformed_json', { detail: 'The key "__proto__" is not allowed.' });
  const members = Object.values(value);
  return members.reduce<number>((sum, item) => sum + countKeys(item), members.length);
}

/** V8's messages quote the text around the error, which may hold a password; only the position leaves. */
function syntaxDetail(error: unknown): string {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return position === undefined ? 'The JSON ends too early or is empty.' : `Not JSON at character ${position}.`;
}
