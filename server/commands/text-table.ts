// Rows of text in aligned columns, for the terminal.

/** The first row is the heading. Trailing spaces are cut; columns are two spaces apart. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  const [heading, ...body] = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  if (heading === undefined) return '';
  return [heading, widths.map((width) => '─'.repeat(width)).join('  '), ...body].join('\n');
}
