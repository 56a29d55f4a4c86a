// Where a formula's text names fields: for renames, which leave everything else as it was written.

/** A text in quotes, or a path that is not the name of a called function. */
const parts = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[A-Za-z_][\w]*(?:\.[A-Za-z_][\w]*)*(?![\w.]*\s*\()/g;

/** @example pathsInText('ROUND(net * 1.2, 2)') // [{ path: 'net', start: 6 }] */
export function pathsInText(text: string): readonly { readonly path: string; readonly start: number }[] {
  return [...text.matchAll(parts)]
    .filter(([part]) => /^[A-Za-z_]/.test(part) && !['true', 'false', 'null'].includes(part))
    .map((match) => ({ path: match[0], start: match.index }));
}
