// The filter types of the generated client: one a kind of value, its members the operators of the one table.
import { type Operator, operators, operatorsFor } from '../conditions/operators.ts';
import type { ValueKind } from '../conditions/value-kind.ts';
import { comment } from './type-text.ts';

/** The type of one operand of each kind; `V` where options narrow it. */
const operands: Readonly<Record<ValueKind, string>> = {
  text: 'V',
  decimal: 'string | number',
  integer: 'number',
  boolean: 'boolean',
  date: 'string',
  dateTime: 'string',
  time: 'string',
  id: 'string',
  set: 'V',
  json: 'unknown',
};
const kinds = Object.keys(operands) as readonly ValueKind[];
const narrowed = (kind: ValueKind): boolean => operands[kind] === 'V';

const nameOf = (kind: ValueKind): string => `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Filter`;

/** All names that `filterTypes` declares. */
export const filterTypeNames: readonly string[] = kinds.map(nameOf);

/** The type of a field's filter: `TextFilter<Status>`. */
export const filterType = (kind: ValueKind, values?: string): string =>
  narrowed(kind) && values !== undefined ? `${nameOf(kind)}<${values}>` : nameOf(kind);

export const filterTypes = (): string => kinds.map(declaration).join('\n');

function declaration(kind: ValueKind): string {
  const members = operatorsFor(kind).map(
    (operator) => `${comment([operator.label.en], '  ')}  readonly ${operator.alias}?: ${operandType(operator, kind)};\n`,
  );
  return `export interface ${nameOf(kind)}${narrowed(kind) ? '<V extends string = string>' : ''} {\n${members.join('')}}\n`;
}

function operandType(operator: Operator, kind: ValueKind): string {
  // A part of a text is no option.
  const partOfText = operator.kinds.length === 1 && operator.kinds[0] === 'text';
  const one = partOfText ? 'string' : operands[kind];
  if (operator.shape === 'flag') return 'boolean';
  if (operator.shape === 'many') return `readonly ${one.includes(' ') ? `(${one})` : one}[]`;
  return operator.shape === 'range' ? `readonly [${one}, ${one}]` : one;
}

/** Filters travel as condition trees, which name operators in full: alias → name. */
export const operatorNames = (): string =>
  `const operatorNames = {\n${operators.map(({ alias, name }) => `  ${alias}: '${name}',\n`).join('')}} as const;\n`;
