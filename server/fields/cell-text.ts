// Text of a CSV cell as its author meant it: without the quote that guards spreadsheets against formulas.

/** Undoes the export's neutralisation: a leading ' goes when it stands before = + - @ TAB or CR. */
export const cellText = (text: string): string => (/^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text);

/** The same, without white space around it. */
export const trimmedCell = (text: string): string => cellText(text.trim()).trim();
