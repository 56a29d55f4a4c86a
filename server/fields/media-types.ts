// Media types of files: which a field takes, and which a browser may draw without being able to run anything in them.

/** As in `accept` of HTML: whole types, or all of a kind. */
export const mediaTypePattern = '^(\\*/\\*|[a-z0-9][a-z0-9.+-]{0,60}/(\\*|[a-z0-9][a-z0-9.+-]{0,100}))$';

export const accepts = (patterns: readonly string[], type: string): boolean =>
  patterns.some(
    (pattern) => pattern === '*/*' || pattern === type || (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1))),
  );

/** Raster images: nothing in them is markup. An SVG is a document that may hold scripts, so it is none of them. */
export const imageTypes: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'];

/** What is drawn in a page when it is asked for; everything else is only ever saved. */
export const drawableTypes: ReadonlySet<string> = new Set([...imageTypes, 'application/pdf']);
