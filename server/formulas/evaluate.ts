// The value of a checked formula for a record in memory.
import type { FormulaValue } from './kinds.ts';
import type { FormulaNode } from './tree.ts';

/** @param read the value at a field path, as `formulaValue` makes it. Never throws. */
export function evaluateFormula(node: FormulaNode, read: (path: string) => FormulaValue): FormulaValue {
  if (node.node === 'literal') return node.value;
  if (node.node === 'field') return read(node.path);
  const args = node.args.map((arg) => evaluateFormula(arg, read));
  if (node.call.strict !== false && args.includes(null)) return null;
  return node.call.value(args);
}
