// Where a formula's text names options of a field: for renames of options, which leave everything else as it was written.
import type jsep from 'jsep';
import { parseFormula } from './parse.ts';

export interface ComparedLiteral {
  /** The path that the text is compared with. */
  readonly path: string;
  readonly value: string;
  /** Of its first character, behind the quote. */
  readonly start: number;
}

const quotedText = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g;

/**
 * Texts that are compared with a path by ==, !=, SWITCH or INCLUDES.
 * @example literalsInText('stage == "won"') // [{ path: 'stage', value: 'won', start: 10 }]
 */
export function literalsInText(text: string): readonly ComparedLiteral[] {
  const parsed = parseFormula(text);
  if ('issue' in parsed) return [];
  const found: { readonly value: string; readonly path: string | undefined }[] = [];
  walk(parsed.tree, undefined, (value, path) => found.push({ value, path }));
  // The parser tells no places, but the order of the texts in the tree is that in which they stand.
  const places = [...text.matchAll(quotedText)];
  return found.flatMap(({ value, path }, at) => {
    const place = places[at];
    if (path === undefined || place === undefined || place[0].slice(1, -1) !== value) return [];
    return [{ path, value, start: place.index + 1 }];
  });
}

type Found = (value: string, path: string | undefined) => void;

/** Each text in the order of the formula, with what it is compared with. */
function walk(node: jsep.Expression, comparedWith: string | undefined, found: Found): void {
  const at = (inner: unknown, path?: string): void => walk(inner as jsep.Expression, path, found);
  switch (node.type) {
    case 'Literal':
      if (typeof node['value'] === 'string') found(node['value'], comparedWith);
      return;
    case 'BinaryExpression': {
      const compares = node['operator'] === '==' || node['operator'] === '!=';
      at(node['left'], compares ? pathOf(node['right']) : undefined);
      at(node['right'], compares ? pathOf(node['left']) : undefined);
      return;
    }
    case 'ConditionalExpression':
      for (const part of ['test', 'consequent', 'alternate']) at(node[part]);
      return;
    case 'UnaryExpression':
      at(node['argument']);
      return;
    case 'CallExpression': {
      const args = node['arguments'] as readonly jsep.Expression[];
      const name = (node['callee'] as { readonly name?: string }).name;
      const isCase = (index: number): boolean =>
        name === 'SWITCH' ? index % 2 === 1 && index + 1 < args.length : name === 'INCLUDES' && index > 0;
      for (const [index, arg] of args.entries()) at(arg, isCase(index) ? pathOf(args[0]) : undefined);
    }
  }
}

function pathOf(given: unknown): string | undefined {
  const node = given as jsep.Expression | undefined;
  if (node?.type === 'Identifier') return String(node['name']);
  if (node?.type !== 'MemberExpression') return undefined;
  const [object, property] = [pathOf(node['object']), pathOf(node['property'])];
  return object === undefined || property === undefined ? undefined : `${object}.${property}`;
}
