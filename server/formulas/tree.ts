// The checked tree of a formula: fields, literals and calls of catalogued functions, each of a known kind.
import type { FormulaFunction } from './function.ts';
import type { FormulaKind, FormulaValue } from './kinds.ts';

export type FormulaNode =
  | { readonly node: 'literal'; readonly kind: FormulaKind; readonly value: FormulaValue }
  /** `path` is a field, or a part of one: `amount`, `address.city`. */
  | { readonly node: 'field'; readonly kind: FormulaKind; readonly path: string }
  | { readonly node: 'call'; readonly kind: FormulaKind; readonly call: FormulaFunction; readonly args: readonly FormulaNode[] };

export interface FormulaIssue {
  /** Character from which it is about, from 0. */
  readonly at: number;
  readonly detail: string;
}

/** The field paths that a formula reads, each once. */
export function pathsOf(root: FormulaNode): readonly string[] {
  const found = new Set<string>();
  const walk = (node: FormulaNode): void => {
    if (node.node === 'field') found.add(node.path);
    if (node.node === 'call') node.args.forEach(walk);
  };
  walk(root);
  return [...found];
}
