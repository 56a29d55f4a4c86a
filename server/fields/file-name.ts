// The name of a file as its owner gave it: data to show, never a path, and nothing that hides what it is.

export const longestFileName = 255;

/** Controls, and the marks that turn the direction of what follows: `gpj.exe` must not look like `exe.jpg`. */
const invisible = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff]/gu;
const ending = /\.[\p{L}\p{N}]{1,12}$/u;

/**
 * The last part of whatever path it came with, in NFC, at most 255 characters with its ending kept.
 * @returns undefined for what is no text that can be kept
 */
export function cleanFileName(given: string): string | undefined {
  if (/\p{Surrogate}/u.test(given)) return undefined;
  const last = given.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const name = last.replace(invisible, '').replace(/\s+/g, ' ').trim();
  if (name === '' || /^\.+$/.test(name)) return undefined;
  const letters = [...name];
  if (letters.length <= longestFileName) return name;
  const kept = ending.exec(name)?.[0] ?? '';
  return letters.slice(0, longestFileName - [...kept].length).join('') + kept;
}
