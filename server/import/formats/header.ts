// The names of a file's columns.
import { problem } from '../../problem.ts';
import { type Cell, cellText } from './row-file.ts';

/** @throws problem `validation_failed` for a name that two columns have */
export function headerOf(cells: readonly Cell[]): readonly string[] {
  const header = cells.map((cell) => cellText(cell).trim());
  const twice = header.find((name, at) => name !== '' && header.indexOf(name) !== at);
  if (twice !== undefined) throw problem('validation_failed', { detail: `The header names the column "${twice}" twice.` });
  return header;
}
