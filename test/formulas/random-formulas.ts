// Random formulas and records: every catalogued function over every kind that it takes.
import fc from 'fast-check';
import type { ValueKind } from '../../server/conditions/value-kind.ts';
import type { FormulaFunction, Parameter } from '../../server/formulas/function.ts';
import { formulaFunctions, functionsNamed } from '../../server/formulas/functions.ts';
import type { FormulaKind } from '../../server/formulas/kinds.ts';

/** Fields of the records, two of a kind. */
export const fieldKinds: Readonly<Record<string, ValueKind>> = {
  n1: 'decimal',
  n2: 'decimal',
  i1: 'integer',
  t1: 'text',
  t2: 'text',
  b1: 'boolean',
  b2: 'boolean',
  d1: 'date',
  d2: 'date',
  m1: 'dateTime',
  m2: 'dateTime',
  s1: 'set',
};

const kindOfField: Readonly<Record<string, FormulaKind>> = Object.fromEntries(
  Object.entries(fieldKinds).map(([name, kind]) => [
    name,
    kind === 'decimal' || kind === 'integer' ? 'number' : (kind as FormulaKind),
  ]),
);

const texts = fc.constantFrom(
  '',
  ' ',
  'a',
  'B',
  'bert',
  'Ünï',
  'STRASSE',
  'straße',
  'مرحبا',
  'שלום',
  '😀 ok',
  "it's",
  '10',
  '-3.5',
  '%_\\',
  'ΣΑΣ',
  '　x ',
);
const numbers = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }).map(String),
  fc
    .tuple(fc.integer({ min: -99999, max: 99999 }), fc.integer({ min: 0, max: 9999 }))
    .map(([a, b]) => `${a}.${String(b).padStart(4, '0')}`),
  fc.constantFrom('0', '0.0', '0.5', '-0.5', '1.5', '2.5', '-2.5', '123456789012345.6789', '0.0000000001', '3'),
);
const dates = fc.constantFrom(
  '2024-02-29',
  '2023-01-31',
  '1970-01-01',
  '0001-01-01',
  '9999-12-31',
  '2000-12-31',
  '1999-11-30',
  '2026-03-29',
);
const times = fc.constantFrom(
  '2024-02-29T23:59:59.999Z',
  '1969-12-31T00:00:00.001Z',
  '0001-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '2023-10-29T01:30:00.000Z',
);

const valuesOf: Readonly<Record<ValueKind, fc.Arbitrary<unknown>>> = {
  decimal: numbers,
  integer: fc.integer({ min: -50, max: 50 }),
  text: texts,
  boolean: fc.boolean(),
  date: dates,
  dateTime: times,
  set: fc.uniqueArray(fc.constantFrom('a', 'b', 'bert', ''), { maxLength: 3 }),
  time: texts,
  id: texts,
  json: texts,
};

export const randomRecord: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.record(
  Object.fromEntries(Object.entries(fieldKinds).map(([name, kind]) => [name, fc.option(valuesOf[kind], { freq: 4 })])),
);

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function leaf(kind: FormulaKind): fc.Arbitrary<string> {
  const fields = Object.keys(fieldKinds).filter((name) => kindOfField[name] === kind);
  const literals: Partial<Record<FormulaKind, fc.Arbitrary<string>>> = {
    number: numbers.map((number) => (number.startsWith('-') ? `(${number})` : number)),
    text: texts.map(quoted),
    boolean: fc.constantFrom('true', 'false'),
  };
  const other = literals[kind];
  return other === undefined
    ? fc.constantFrom(...fields)
    : fc.oneof(fc.constantFrom(...fields), fc.constantFrom(...fields), other);
}

const concrete: readonly FormulaKind[] = ['number', 'text', 'boolean', 'date', 'dateTime'];

/** Each kind and depth once: made anew at every place, they would not fit into memory. */
const made = new Map<string, fc.Arbitrary<string>>();

/** A formula of the kind. */
export function randomFormula(kind: FormulaKind, depth: number): fc.Arbitrary<string> {
  const key = `${kind} ${depth}`;
  const known = made.get(key) ?? (depth === 0 ? leaf(kind) : nested(kind, depth));
  made.set(key, known);
  return known;
}

function nested(kind: FormulaKind, depth: number): fc.Arbitrary<string> {
  const makers = formulaFunctions.filter(({ result }) => result === kind || (result === 'same' && kind !== 'set'));
  return fc.oneof(leaf(kind), ...makers.map((called) => callOf(called, kind, depth - 1)));
}

function callOf(called: FormulaFunction, kind: FormulaKind, depth: number): fc.Arbitrary<string> {
  const { name, parameters, rest = [], last, optional = 0 } = called;
  const argument = (parameter: Parameter): fc.Arbitrary<string> => {
    const fits = parameter === 'same' ? [kind] : parameter === 'any' ? [...concrete, 'set' as const] : [parameter].flat();
    return fc.oneof(
      { weight: 12, arbitrary: fc.oneof(...fits.map((one) => randomFormula(one as FormulaKind, depth))) },
      // Which of several functions of one name is meant, a null cannot tell.
      { weight: functionsNamed(name).length === 1 && parameter !== 'same' ? 1 : 0, arbitrary: fc.constant('null') },
    );
  };
  const shapes = [
    parameters,
    ...(optional > 0 ? [parameters.slice(0, -optional)] : []),
    ...(rest.length > 0 ? [[...parameters, ...rest]] : []),
  ];
  return fc.oneof(
    ...shapes.map((shape) =>
      fc.tuple(...[...shape, ...(last === undefined ? [] : [last])].map(argument)).map((args) => {
        if (/^[A-Z]/.test(name)) return `${name}(${args.join(', ')})`;
        if (args.length === 1) return `${name === 'negate' ? '-' : name}(${args[0]})`;
        return `(${args.slice(0, 2).join(` ${name} `)})`;
      }),
    ),
  );
}
