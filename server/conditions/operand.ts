// Checks the operand of one comparison and brings it into its canonical form.
import type { OperandShape } from './operators.ts';
import { isFactOperand, type Operand } from './tree.ts';
import type { ValueKind } from './value-kind.ts';
import { canonicalOf, commonKind, comparesWithSet, elementKind } from './values.ts';

/** A list operand holds at most this many values. */
export const maxOperandValues = 1000;

export interface FactDescription {
  readonly kind: ValueKind;
  /** The values that a select takes, inactive ones included; absent: any. */
  readonly options?: readonly string[];
}

export type OperandIssue = { readonly pointer: string; readonly code: string; readonly detail: string };
export type OperandResult = { readonly value: Operand } | { readonly issues: readonly OperandIssue[] };

const refuse = (code: string, detail: string, pointer = ''): OperandResult => ({ issues: [{ pointer, code, detail }] });

const expected: Readonly<Record<ValueKind, string>> = {
  text: 'a text without NUL characters',
  decimal: 'a decimal number',
  integer: 'a whole number',
  boolean: 'true or false',
  date: 'a date like 2024-02-29',
  dateTime: 'a date and time with its offset, like 2024-02-29T10:00:00Z',
  time: 'a time like 14:30',
  id: 'an id (UUID)',
  set: 'a list of texts',
  json: 'nothing',
};

/** Text of a query parameter counts as the boolean it spells; numbers and dates are read by `canonicalOf`. */
const spelled = (value: unknown, kind: ValueKind): unknown =>
  kind === 'boolean' && (value === 'true' || value === 'false') ? value === 'true' : value;

/**
 * The operand in canonical form: decimals as strings, date-times in UTC, text in NFC.
 * @param describe the facts that an operand `{ "fact": … }` may name
 * @returns the value, or issues with pointers below the operand
 */
export function checkOperand(
  input: unknown,
  shape: OperandShape,
  fact: FactDescription,
  describe: (fact: string) => FactDescription | undefined,
): OperandResult {
  if (shape === 'flag') return checkFlag(input);
  const kind = elementKind(fact.kind);
  if (isFactOperand(input)) return checkFact(input.fact, shape, fact.kind, describe(input.fact));
  if (shape === 'one') {
    if (input === null) return refuse('operand', 'To ask for no value, use the operator isEmpty.');
    return checkValue(input, kind, fact.options);
  }
  if (!Array.isArray(input))
    return refuse('operand', shape === 'range' ? 'Give a list of two values.' : 'Give a list of values.');
  if (shape === 'range' && input.length !== 2) return refuse('operand', 'Give exactly two values, the lowest and the highest.');
  if (input.length > maxOperandValues) return refuse('too_many', `At most ${maxOperandValues} values can be compared with.`);
  const results = input.map((item) => checkValue(item, kind, fact.options));
  const issues = results.flatMap((result, at) =>
    'issues' in result ? result.issues.map((issue) => ({ ...issue, pointer: `/${at}${issue.pointer}` })) : [],
  );
  if (issues.length > 0) return { issues };
  return { value: results.map((result) => ('value' in result ? (result.value as string) : '')) };
}

function checkFlag(input: unknown): OperandResult {
  const flag = input === undefined ? true : spelled(input, 'boolean');
  return typeof flag === 'boolean' ? { value: flag } : refuse('operand', 'Give true or false.');
}

function checkValue(input: unknown, kind: ValueKind, options: readonly string[] | undefined): OperandResult {
  const value = canonicalOf(spelled(input, kind), kind);
  if (value === undefined) return refuse('operand', `Expected ${expected[kind]}.`);
  if (typeof value !== 'string' || kind !== 'text') return { value: value as Operand };
  const normal = value.normalize('NFC');
  if (options !== undefined && !options.includes(normal)) {
    const shown = options.length <= 20 ? `; known are ${options.join(', ')}` : '';
    return refuse('option', `"${normal}" is not an option${shown}.`);
  }
  return { value: normal };
}

function checkFact(name: string, shape: OperandShape, kind: ValueKind, operand: FactDescription | undefined): OperandResult {
  if (operand === undefined) return refuse('unknown_fact', `There is no fact "${name}".`, '/fact');
  const value = { fact: name };
  if (shape === 'range') return refuse('operand', 'A range cannot be taken from another fact.');
  if (shape === 'many') {
    const fits = operand.kind === 'set' && comparesWithSet(kind);
    return fits ? { value } : refuse('operand', `"${name}" is not a list that this can be compared with.`, '/fact');
  }
  if (commonKind(elementKind(kind), operand.kind) !== undefined) return { value };
  return refuse('operand', `"${name}" is ${operand.kind}, which cannot be compared with ${elementKind(kind)}.`, '/fact');
}
