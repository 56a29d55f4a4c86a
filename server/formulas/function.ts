// The interface of a function in formulas: one object with its kinds, its value in memory and its SQL.
import type { FormulaKind, FormulaValue } from './kinds.ts';

/** What stands for a parameter: a kind, any of several, or `same`: whatever the other `same` arguments are. */
export type Parameter = FormulaKind | readonly FormulaKind[] | 'same' | 'any';

export interface FormulaFunction {
  /** As it is written, in capitals; operators are listed under their sign. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** What further arguments are, in turns; absent: there are none. */
  readonly rest?: readonly Parameter[];
  /** A parameter after all the others, of SWITCH: what else. */
  readonly last?: Parameter;
  /** `same`: the kind of its `same` arguments. */
  readonly result: FormulaKind | 'same';
  /** Arguments that a call may leave out, from the end. */
  readonly optional?: number;
  /** false: it is asked with nulls as well; otherwise no value in an argument makes the result none. */
  readonly strict?: false;
  /** Total: nothing that it is given makes it throw. */
  value(args: readonly FormulaValue[]): FormulaValue;
  /** An expression of the result's PostgreSQL type, equal to `value`; `kinds` are those of the arguments. */
  sql(args: readonly string[], kinds: readonly FormulaKind[]): string;
}

export const takes = (parameter: Parameter, kind: FormulaKind): boolean =>
  parameter === 'any' || parameter === kind || (Array.isArray(parameter) && parameter.includes(kind));
