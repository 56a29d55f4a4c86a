// Differences of metadata as text for the command line: one line a place, grouped by object.
import type { Difference } from './compare.ts';
import { kinds } from './kinds.ts';

const signs: Readonly<Record<Difference['change'], string>> = {
  added: '+',
  removed: '-',
  renamed: '>',
  changed: '~',
  moved: '%',
};
const longest = 100;

/** '' when nothing differs; else lines that end with a line feed. */
export function differenceText(differences: readonly Difference[]): string {
  let last = '';
  return differences
    .map((difference) => {
      const object = `${kinds.find(({ key }) => key === difference.kind)?.one} ${difference.name} (${difference.id})`;
      const whole = difference.pointer === '';
      const head = whole || object === last ? '' : `  ${object}\n`;
      last = whole ? '' : object;
      return whole ? `${signs[difference.change]} ${object}\n` : `${head}${signs[difference.change]}   ${lineOf(difference)}\n`;
    })
    .join('');
}

function lineOf({ change, pointer, before, after }: Difference): string {
  switch (change) {
    case 'added':
      return `${pointer}: ${shown(after)}`;
    case 'removed':
      return `${pointer}: ${shown(before)}`;
    case 'renamed':
      return `${pointer}: called ${shown(before)} before`;
    case 'moved':
      return `${pointer}: in another order, ${shown(after)}`;
    default:
      return `${pointer}: ${shown(before)} → ${shown(after)}`;
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
