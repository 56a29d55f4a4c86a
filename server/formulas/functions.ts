// The catalogue of functions and operators in formulas.
import type { FormulaFunction } from './function.ts';
import { dateFunctions } from './functions/dates.ts';
import { logicFunctions } from './functions/logic.ts';
import { numberFunctions } from './functions/numbers.ts';
import { textFunctions } from './functions/texts.ts';

/** By name; operators by their sign. Several of one name differ in what they take. */
export const formulaFunctions: readonly FormulaFunction[] = [
  ...logicFunctions,
  ...numberFunctions,
  ...textFunctions,
  ...dateFunctions,
];

const byName = new Map<string, readonly FormulaFunction[]>();
for (const one of formulaFunctions) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);

export const functionsNamed = (name: string): readonly FormulaFunction[] => byName.get(name) ?? [];

/** Names that are written as calls, for "did you mean". */
export const callableNames: readonly string[] = [
  ...new Set(formulaFunctions.map(({ name }) => name).filter((name) => /^[A-Z]/.test(name))),
];
