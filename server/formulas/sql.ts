// A checked formula as one PostgreSQL expression, equal to its value in memory. Pure text; literals are quoted, nothing is bound.
import Big from 'big.js';
import { type FormulaValue, formulaSqlTypes } from './kinds.ts';
import type { FormulaNode } from './tree.ts';

/** @param columnOf the expression of a field path, as `formulaColumn` makes it */
export function formulaSql(node: FormulaNode, columnOf: (path: string) => string): string {
  if (node.node === 'literal') return `${literal(node.value)}::${formulaSqlTypes[node.kind]}`;
  if (node.node === 'field') return columnOf(node.path);
  return node.call.sql(
    node.args.map((arg) => formulaSql(arg, columnOf)),
    node.args.map(({ kind }) => kind),
  );
}

function literal(value: FormulaValue): string {
  if (value === null) return 'NULL';
  if (value instanceof Big) return `'${value.toFixed()}'`;
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  return String(value);
}
