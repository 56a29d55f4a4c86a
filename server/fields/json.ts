// json: any JSON value, within limits of depth and size.
import { isStorable } from '../conditions/values.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldType } from './field-type.ts';
import { accepted, refused } from './outcome.ts';

const deepest = 32;
const largest = 64 * 1024;

/** The first thing that cannot be stored, as a sentence, or undefined. Counts nodes so that no input takes long. */
function problemOf(value: unknown): string | undefined {
  let nodes = 0;
  const visit = (node: unknown, depth: number): string | undefined => {
    nodes += 1;
    if (depth > deepest) return `JSON nests at most ${deepest} deep here.`;
    if (nodes > largest) return `At most ${largest} bytes of JSON.`;
    if (node === null || typeof node === 'boolean') return undefined;
    if (typeof node === 'number') return Number.isFinite(node) ? undefined : 'A number is outside of what JSON holds.';
    if (typeof node === 'string')
      return isStorable(node) ? undefined : 'A text contains a NUL character or half of a surrogate pair.';
    if (typeof node !== 'object') return 'Expected a JSON value.';
    for (const [key, child] of Object.entries(node)) {
      const found =
        (isStorable(key) ? undefined : 'A key contains a NUL character or half of a surrogate pair.') ?? visit(child, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return visit(value, 0);
}

export const json: FieldType = defineFieldType({
  name: 'json',
  label: { en: 'JSON', ar: 'JSON', he: 'JSON' },
  kind: 'json',
  settings: {},
  widget: 'json',
  sortable: false,
  column: 'jsonb',
  jsonSchema: () => ({}),
  parse: (value) => {
    const found = problemOf(value);
    if (found !== undefined) return refused('json', found);
    const text = JSON.stringify(value);
    return Buffer.byteLength(text) > largest ? refused('json', `At most ${largest} bytes of JSON.`) : accepted(text);
  },
  fromText: (cell) => {
    try {
      return { value: JSON.parse(cell) as unknown };
    } catch {
      return refused('json', 'The cell is not valid JSON.');
    }
  },
});
