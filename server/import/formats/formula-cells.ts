// Cells that a spreadsheet would run as a formula: a quote before them on the way out, off again on the way in.

/** What makes a formula of a cell (OWASP, CSV injection), East Asian forms of the signs included. */
const signs = '[=+\\-@\\t\\r＝＋－＠]';
const formula = new RegExp(`^'*${signs}`);
const neutral = new RegExp(`^'+${signs}`);
/** Below zero, and nothing else: no spreadsheet takes more of it than the number. */
const negative = /^-\d+(\.\d+)?$/;

/** Text that is no formula to any spreadsheet. What has quotes already gets one more, so that `restored` gives back each text. */
export const neutralised = (text: string): string => (formula.test(text) && !negative.test(text) ? `'${text}` : text);

/** Undoes `neutralised`: `restored(neutralised(text))` is `text`. */
export const restored = (text: string): string => (neutral.test(text) ? text.slice(1) : text);
